using System.Collections.Concurrent;
using System.Text.Json;
using Dapr.Client;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Correlation;

/// <summary>What is known of entities, read from the state store that ingestion writes and kept for a minute.</summary>
sealed class EntityCards(DaprClient dapr, TimeProvider time)
{
    const int MostKept = 20_000;
    const int AtOnce = 16;
    static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>(StringComparer.Ordinal);

    readonly ConcurrentDictionary<string, (IReadOnlyDictionary<string, string> Attributes, DateTimeOffset At)> _kept = new(StringComparer.Ordinal);

    /// <summary>Attributes by entity; empty for those nothing is known of.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> ReadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var missing = entities.Where(entity => !_kept.TryGetValue(entity, out var kept) || now - kept.At > KeptFor).ToList();
        if (_kept.Count + missing.Count > MostKept)
            _kept.Clear();
        if (missing.Count > 0)
        {
            foreach (var item in await dapr.GetBulkStateAsync(Components.Entities, missing, AtOnce, cancellationToken: cancellationToken))
                _kept[item.Key] = (AttributesOf(item.Value), now);
        }
        return entities.ToDictionary(entity => entity, entity => _kept.TryGetValue(entity, out var kept) ? kept.Attributes : Nothing, StringComparer.Ordinal);
    }

    static IReadOnlyDictionary<string, string> AttributesOf(string? json)
    {
        if (string.IsNullOrEmpty(json))
            return Nothing;
        try
        {
            return JsonSerializer.Deserialize(json, ContractJson.Default.EntityCard)?.Attributes ?? Nothing;
        }
        catch (JsonException)
        {
            // A card that cannot be read is as good as none: it only relates, it does not alert.
            return Nothing;
        }
    }
}
