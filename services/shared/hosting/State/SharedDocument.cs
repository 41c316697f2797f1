using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Forewarn.Hosting;

/// <summary>One document in the Dapr state store, shared by all replicas and written only against its ETag.</summary>
/// <param name="state">The store.</param>
/// <param name="key">Its key.</param>
/// <param name="name">What it is, in messages.</param>
/// <param name="type">How it is written.</param>
public abstract class SharedDocument<T>(CheckpointStore state, string key, string name, JsonTypeInfo<T> type)
    where T : class, new()
{
    /// <summary>Each attempt loses only to another's success, and few ever write.</summary>
    const int MaxAttempts = 100;

    volatile T? _seen;

    /// <summary>What was read or written last by this process; null before the first time.</summary>
    public T? Seen => _seen;

    public async Task<T> ReadAsync(CancellationToken cancellationToken) => (await LoadAsync(cancellationToken)).Document;

    /// <summary>
    /// Applies <paramref name="change"/> to the newest document, again if another replica wrote in between; null when
    /// <paramref name="change"/> declines.
    /// </summary>
    /// <exception cref="TimeoutException">Others kept writing.</exception>
    public async Task<T?> ChangeAsync(Func<T, T?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (document, etag) = await LoadAsync(cancellationToken);
            if (change(document) is not { } changed)
                return null;
            var blob = JsonSerializer.SerializeToUtf8Bytes(changed, type);
            if (await state.TrySaveAsync(key, blob, etag, cancellationToken))
                return _seen = changed;
        }
        throw new TimeoutException($"The {name} was changed by others {MaxAttempts} times in a row; try again.");
    }

    async Task<(T Document, string Etag)> LoadAsync(CancellationToken cancellationToken)
    {
        var (blob, etag) = await state.LoadAsync(key, cancellationToken);
        var document = blob.IsEmpty
            ? new T()
            : JsonSerializer.Deserialize(blob.Span, type) ?? throw new InvalidDataException($"The {name} in the state store is the JSON word null.");
        _seen = document;
        return (document, etag);
    }
}
