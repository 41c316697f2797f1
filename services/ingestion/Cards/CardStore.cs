using System.Globalization;
using System.Text.Json;
using Dapr.Client;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Cards in the state store that all apps share, by entity.</summary>
sealed class CardStore(DaprClient dapr)
{
    /// <summary>The card and its ETag; null when there is none that can be read.</summary>
    /// <exception cref="Dapr.DaprException">The store is away.</exception>
    public async Task<(EntityCard? Card, string Etag)> LoadAsync(string entity, CancellationToken cancellationToken)
    {
        var (bytes, etag) = await dapr.GetByteStateAndETagAsync(Components.Entities, entity, cancellationToken: cancellationToken);
        return (bytes.IsEmpty ? null : Read(bytes.Span), etag ?? "");
    }

    /// <summary>Writes if nobody else has since <paramref name="etag"/>; false when somebody has.</summary>
    /// <exception cref="Dapr.DaprException">The store is away.</exception>
    public Task<bool> TrySaveAsync(EntityCard card, string etag, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(card, ContractJson.Default.EntityCard);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["ttlInSeconds"] = ((long)timeToLive.TotalSeconds).ToString(CultureInfo.InvariantCulture) };
        return dapr.TrySaveByteStateAsync(
            Components.Entities, card.Entity, bytes, etag, new StateOptions { Concurrency = ConcurrencyMode.FirstWrite }, metadata, cancellationToken);
    }

    /// <summary>What another version wrote so that it cannot be read is written anew.</summary>
    static EntityCard? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ContractJson.Default.EntityCard);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
