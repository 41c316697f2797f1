namespace DevSidecar.State;

/// <summary>A stored value.</summary>
sealed record StateValue(byte[] Data, string ETag, DateTimeOffset? Expires);

/// <summary>A write. <paramref name="Value"/> null deletes. An ETag, when given, must match; first-write without one requires absence.</summary>
sealed record StateWrite(string Key, byte[]? Value, string? ETag, bool FirstWrite, TimeSpan? TimeToLive)
{
    public static StateWrite Delete(string key, string? etag = null, bool firstWrite = false) => new(key, null, etag, firstWrite, null);
}

/// <summary>The ETag does not match what is stored.</summary>
sealed class ETagMismatchException(string key) : Exception($"possible etag mismatch. error from state store: the value of '{key}' was changed by somebody else");

/// <summary>The ETag cannot be one of this store.</summary>
sealed class ETagInvalidException(string etag) : Exception($"invalid etag value: '{etag}'");

/// <summary>A state store; keys are complete, prefix included.</summary>
interface IStateStore
{
    Task<StateValue?> GetAsync(string key, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<string, StateValue>> GetManyAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    Task WriteAsync(StateWrite write, CancellationToken cancellationToken);

    /// <summary>All or nothing.</summary>
    Task TransactAsync(IReadOnlyList<StateWrite> writes, CancellationToken cancellationToken);
}
