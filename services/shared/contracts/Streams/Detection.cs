using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>Topic <c>detections</c>: something that deserves an incident, repeated at most once a second while it lasts.</summary>
public sealed record Detection
{
    public int V { get; init; } = 1;

    /// <summary>Deterministic: the same entity, kind, cadence, tick and, of a forecast, series always give the same id.</summary>
    public required string Id { get; init; }

    public required string Entity { get; init; }
    public required DetectionKind Kind { get; init; }

    /// <summary>What this belongs to besides its entity: <c>behaviour</c> for all that predictors find, forecasts included; <c>threshold:NAME</c> for a rule that users wrote; <c>alert:NAME:HASH</c> for an alert of another system. One incident per entity and cause.</summary>
    public required string Cause { get; init; }

    /// <summary>Event time of the tick that completed the decision, unix milliseconds.</summary>
    public required long T { get; init; }

    /// <summary>Event time at which it began to show, unix milliseconds.</summary>
    public required long Since { get; init; }

    public required int CadenceMs { get; init; }

    /// <summary>Milliseconds since the tick before: how soon another can be expected. 0 = unknown.</summary>
    public int StepMs { get; init; }

    /// <summary>As <see cref="PredictionTick.Score"/>.</summary>
    public double Score { get; init; }
    public double? P { get; init; }
    public bool Extrapolated { get; init; }

    /// <summary>One sentence a person understands: what, how far from normal, how rare.</summary>
    public required string Summary { get; init; }

    /// <summary>What was told before goes on without being as strange any more: keeps an incident open and opens none.</summary>
    public bool Ongoing { get; init; }

    /// <summary>
    /// Whoever tells it vouches for it until then, unix milliseconds: an incident stays open that long though nothing more comes. At or
    /// before <see cref="T"/> it is over, which opens nothing. Null: nobody vouches, and it is over when its steps stay away.
    /// </summary>
    public long? HoldsUntil { get; init; }

    /// <summary>It tells of an end.</summary>
    [JsonIgnore]
    public bool IsOver => HoldsUntil <= T;

    /// <summary>What its sender says of it, at most 32; routes match them beside the attributes of the entity. Empty unless <see cref="DetectionKind.External"/>.</summary>
    public IReadOnlyDictionary<string, string> Labels
    {
        get;
        // What is not in the JSON is set to null all the same.
        init => field = value ?? new Dictionary<string, string>(StringComparer.Ordinal);
    } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>As users ranked it, where they did; null = by kind, rarity and time left.</summary>
    public IncidentSeverity? Severity { get; init; }

    /// <summary>Where its sender says more, by name, such as <c>runbook</c>; absolute addresses of http or https. Empty unless <see cref="DetectionKind.External"/>.</summary>
    public IReadOnlyDictionary<string, string> Links
    {
        get;
        init => field = value ?? new Dictionary<string, string>(StringComparer.Ordinal);
    } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<Contributor> Contributors { get; init; } = [];
    public Forecast? Forecast { get; init; }

    /// <summary>Version of the model that decided; null when each metric was judged by its own past.</summary>
    public string? Model { get; init; }

    /// <summary>The row that the model of everybody scored, whoever decided, so that feedback can be learned from exactly what was seen.</summary>
    [JsonConverter(typeof(FloatVectorConverter))]
    public float[] Features { get; init; } = [];

    public Stamps Stamps { get; init; } = new();

    public static string IdOf(string entity, DetectionKind kind, string cause, int cadenceMs, long t) =>
        ContentHash.Of($"{entity}\n{kind}\n{cause}\n{cadenceMs}\n{t}");
}

[JsonConverter(typeof(KebabEnumConverter<DetectionKind>))]
public enum DetectionKind
{
    Joint,
    Spike,
    Level,
    Trend,
    Variance,
    FlatLine,
    Silence,
    DropToZero,
    PredictedBreach,
    DataQuality,

    /// <summary>A rule that users wrote themselves; outside the false-alarm budget.</summary>
    Threshold,

    /// <summary>An alert that another system decided, such as Prometheus or Alertmanager; outside the false-alarm budget.</summary>
    External,
}

/// <summary>A series that makes the tick strange: what was seen and what is normal, in the series' own unit.</summary>
public sealed record Contributor
{
    public required string Series { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public required double Value { get; init; }
    public required double Expected { get; init; }
    public required double Low { get; init; }
    public required double High { get; init; }

    /// <summary>Signed robust standard deviations.</summary>
    public required double Z { get; init; }

    /// <summary>Its place among the entity's metrics by how far each is from its usual, 1 the farthest; null where that is not measured.</summary>
    public int? ZRank { get; init; }

    /// <summary>Its place by how strange the joint model finds each beside the others; null where none decided.</summary>
    public int? EnergyRank { get; init; }

    /// <summary>Its share of what makes the model's forest find the tick strange, 0 to 1; null where no forest was asked.</summary>
    public double? Importance { get; init; }

    /// <summary>Its place by <see cref="Importance"/>; null where that is 0 or null.</summary>
    public int? ImportanceRank { get; init; }
}
