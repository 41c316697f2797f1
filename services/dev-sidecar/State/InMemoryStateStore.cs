namespace DevSidecar.State;

/// <summary><c>state.in-memory</c>: one map, one lock; expired values are dropped when touched.</summary>
sealed class InMemoryStateStore(TimeProvider time) : IStateStore
{
    readonly Lock _lock = new();
    readonly Dictionary<string, StateValue> _values = new(StringComparer.Ordinal);

    public Task<StateValue?> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Find(key));
        }
    }

    public Task<IReadOnlyDictionary<string, StateValue>> GetManyAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = new Dictionary<string, StateValue>(StringComparer.Ordinal);
            foreach (var key in keys)
            {
                if (Find(key) is { } value)
                {
                    found[key] = value;
                }
            }

            return Task.FromResult<IReadOnlyDictionary<string, StateValue>>(found);
        }
    }

    public Task WriteAsync(StateWrite write, CancellationToken cancellationToken) => TransactAsync([write], cancellationToken);

    public Task TransactAsync(IReadOnlyList<StateWrite> writes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var write in writes)
            {
                var current = Find(write.Key);
                var conflict = write.ETag is { } etag ? current?.ETag != etag : write is { FirstWrite: true, Value: not null } && current is not null;
                if (conflict)
                {
                    return Task.FromException(new ETagMismatchException(write.Key));
                }
            }

            foreach (var write in writes)
            {
                if (write.Value is null)
                {
                    _values.Remove(write.Key);
                }
                else
                {
                    _values[write.Key] = new(write.Value, Guid.NewGuid().ToString(), write.TimeToLive is { } ttl ? time.GetUtcNow() + ttl : null);
                }
            }
        }

        return Task.CompletedTask;
    }

    StateValue? Find(string key)
    {
        if (!_values.TryGetValue(key, out var value))
        {
            return null;
        }

        if (value.Expires is { } expires && expires <= time.GetUtcNow())
        {
            _values.Remove(key);
            return null;
        }

        return value;
    }
}
