namespace Forewarn.Hosting;

/// <summary>
/// What an entity's state has produced and the broker has not acknowledged. State advances before it is published, so
/// these messages exist nowhere else: they stay until a publish succeeds, whoever triggers it. Not thread-safe; the
/// holder of the entity's lease uses it.
/// </summary>
public sealed class Outbox<T>
{
    readonly List<Outgoing<T>> _waiting = [];

    public int Count => _waiting.Count;

    public void Add(string key, string id, T message) => _waiting.Add(new Outgoing<T>(key, id, message));

    public void CopyTo(List<Outgoing<T>> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.AddRange(_waiting);
    }

    /// <summary>After the broker has acknowledged everything that <see cref="CopyTo"/> gave.</summary>
    public void Clear() => _waiting.Clear();
}
