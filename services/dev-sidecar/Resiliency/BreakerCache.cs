namespace DevSidecar.Resiliency;

/// <summary>The breakers of one target, the least recently used forgotten first. Not for concurrent use.</summary>
sealed class BreakerCache(int capacity)
{
    readonly Dictionary<string, LinkedListNode<(string Key, Breaker Breaker)>> _byKey = new(StringComparer.Ordinal);
    readonly LinkedList<(string Key, Breaker Breaker)> _recent = [];

    public Breaker Get(string key, Func<Breaker> create)
    {
        if (_byKey.TryGetValue(key, out var known))
        {
            _recent.Remove(known);
            _recent.AddFirst(known);
            return known.Value.Breaker;
        }

        if (_byKey.Count == capacity)
        {
            _byKey.Remove(_recent.Last!.Value.Key);
            _recent.RemoveLast();
        }

        var created = create();
        _byKey[key] = _recent.AddFirst((key, created));
        return created;
    }
}
