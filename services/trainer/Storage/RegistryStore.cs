using System.Text.Json;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>The registry document in the Dapr state store, shared by all replicas of the trainer.</summary>
sealed class RegistryStore(CheckpointStore state)
{
    const string Key = "registry";

    /// <summary>Each attempt loses only to another's success, and few ever write.</summary>
    const int MaxAttempts = 100;

    volatile RegistryDocument? _seen;

    /// <summary>What was read or written last by this process; null before the first time.</summary>
    public RegistryDocument? Seen => _seen;

    public async Task<RegistryDocument> ReadAsync(CancellationToken cancellationToken) => (await LoadAsync(cancellationToken)).Document;

    /// <summary>
    /// Applies <paramref name="change"/> to the newest document, again if another replica wrote in between; null when
    /// <paramref name="change"/> declines.
    /// </summary>
    /// <exception cref="TimeoutException">Others kept writing.</exception>
    public async Task<RegistryDocument?> ChangeAsync(Func<RegistryDocument, RegistryDocument?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (document, etag) = await LoadAsync(cancellationToken);
            if (change(document) is not { } changed)
                return null;
            var blob = JsonSerializer.SerializeToUtf8Bytes(changed, RegistryJson.Default.RegistryDocument);
            if (await state.TrySaveAsync(Key, blob, etag, cancellationToken))
                return _seen = changed;
        }
        throw new TimeoutException($"The model registry was changed by others {MaxAttempts} times in a row; try again.");
    }

    async Task<(RegistryDocument Document, string Etag)> LoadAsync(CancellationToken cancellationToken)
    {
        var (blob, etag) = await state.LoadAsync(Key, cancellationToken);
        var document = blob.IsEmpty
            ? new RegistryDocument()
            : JsonSerializer.Deserialize(blob.Span, RegistryJson.Default.RegistryDocument)
              ?? throw new InvalidDataException("The model registry in the state store is the JSON word null.");
        _seen = document;
        return (document, etag);
    }
}
