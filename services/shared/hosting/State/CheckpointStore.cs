using System.Globalization;
using Dapr.Client;
using Forewarn.Contracts;

namespace Forewarn.Hosting;

/// <summary>One blob per key in this app's state store; the ETag tells when another replica has written in between.</summary>
public sealed class CheckpointStore(DaprClient dapr)
{
    /// <summary>The blob and its ETag; empty when there is none.</summary>
    public async Task<(ReadOnlyMemory<byte> Blob, string Etag)> LoadAsync(string key, CancellationToken cancellationToken)
    {
        var (blob, etag) = await dapr.GetByteStateAndETagAsync(Components.State, key, cancellationToken: cancellationToken);
        return (blob, etag ?? "");
    }

    /// <summary>Writes if nobody else has since <paramref name="etag"/>; false when somebody has.</summary>
    public Task<bool> TrySaveAsync(string key, ReadOnlyMemory<byte> blob, string etag, CancellationToken cancellationToken) =>
        TrySaveAsync(key, blob, etag, timeToLive: null, cancellationToken);

    /// <summary>As above; the store forgets the blob when it was not written again for <paramref name="timeToLive"/>.</summary>
    public async Task<bool> TrySaveAsync(string key, ReadOnlyMemory<byte> blob, string etag, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        var options = new StateOptions { Concurrency = ConcurrencyMode.FirstWrite };
        var metadata = timeToLive is { } ttl
            ? new Dictionary<string, string>(StringComparer.Ordinal) { ["ttlInSeconds"] = ((long)ttl.TotalSeconds).ToString(CultureInfo.InvariantCulture) }
            : null;
        return await dapr.TrySaveByteStateAsync(Components.State, key, blob, etag, options, metadata, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        dapr.DeleteStateAsync(Components.State, key, cancellationToken: cancellationToken);
}
