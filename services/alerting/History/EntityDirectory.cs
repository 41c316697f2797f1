using System.Text.Json;
using Dapr.Client;
using Forewarn.Contracts;

namespace Forewarn.Alerting;

/// <summary>An entity with what its source says of it.</summary>
sealed record KnownEntity(string Name, IReadOnlyDictionary<string, string> Labels);

/// <summary>The entities that live, with their labels: names from history, labels from their cards in the state store.</summary>
sealed class EntityDirectory(PastIncidents history, DaprClient dapr, TimeProvider time)
{
    /// <summary>One that was not heard of for a day is gone, and takes no share from others any more.</summary>
    static readonly TimeSpan Life = TimeSpan.FromDays(1);

    const int CardsAtOnce = 200;
    const int Parallelism = 8;
    static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <param name="withLabels">Somebody looks at them; they cost a read per entity.</param>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    /// <exception cref="Dapr.DaprException">The state store does not answer.</exception>
    public async Task<IReadOnlyList<KnownEntity>> ReadAsync(bool withLabels, CancellationToken cancellationToken)
    {
        var known = new List<KnownEntity>();
        var since = (time.GetUtcNow() - Life).ToUnixTimeMilliseconds();
        foreach (var names in (await history.EntitiesAsync(since, cancellationToken)).Chunk(CardsAtOnce))
        {
            var cards = withLabels
                ? (await dapr.GetBulkStateAsync(Components.Entities, names, Parallelism, metadata: null, cancellationToken)).ToDictionary(item => item.Key, item => item.Value, StringComparer.Ordinal)
                : [];
            known.AddRange(names.Select(name => new KnownEntity(name, LabelsOf(cards.GetValueOrDefault(name)))));
        }
        return known;
    }

    static IReadOnlyDictionary<string, string> LabelsOf(string? card)
    {
        if (string.IsNullOrEmpty(card))
            return NoLabels;
        try
        {
            return JsonSerializer.Deserialize(card, ContractJson.Default.EntityCard)?.Attributes ?? NoLabels;
        }
        catch (JsonException)
        {
            // Whoever wrote that writes it again; until then the entity has no labels.
            return NoLabels;
        }
    }
}
