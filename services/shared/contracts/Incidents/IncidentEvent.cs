using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>Topic <c>incidents</c>: the whole incident after each change, so that a reader needs only the newest event.</summary>
public sealed record IncidentEvent
{
    public int V { get; init; } = 1;

    /// <summary>Identity of this occurrence; a later one on the same fingerprint has another id.</summary>
    public required string Id { get; init; }

    /// <summary>Counts changes of this incident; an event with a lower or equal revision is old.</summary>
    public required long Revision { get; init; }

    /// <summary>Entity and cause: what makes two detections the same incident.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Where it was first told of; the first of <see cref="Entities"/> until an earlier mover shows.</summary>
    public required string Entity { get; init; }

    /// <summary>All it concerns, the first mover first, at most <see cref="IncidentRules.MostListed"/>; symptoms of others are folded into it.</summary>
    public IReadOnlyList<string> Entities
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Attributes of the entity, as its source named them: node, rack, team.</summary>
    public IReadOnlyDictionary<string, string> Labels
    {
        get;
        init => field = value ?? new Dictionary<string, string>(StringComparer.Ordinal);
    } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>As <see cref="Detection.Links"/> of what opened it.</summary>
    public IReadOnlyDictionary<string, string> Links
    {
        get;
        init => field = value ?? new Dictionary<string, string>(StringComparer.Ordinal);
    } = new Dictionary<string, string>(StringComparer.Ordinal);

    public required DetectionKind Kind { get; init; }
    public required IncidentStatus Status { get; init; }
    public required IncidentSeverity Severity { get; init; }

    /// <summary>One sentence: what, how far from normal, how rare.</summary>
    public required string Summary { get; init; }

    /// <summary>Event time at which it began, unix milliseconds.</summary>
    public required long StartedAt { get; init; }

    /// <summary>When the incident was opened, unix milliseconds.</summary>
    public required long OpenedAt { get; init; }
    public required long UpdatedAt { get; init; }
    public long? AcknowledgedAt { get; init; }
    public long? ResolvedAt { get; init; }

    /// <summary>Detections folded into it.</summary>
    public required int Count { get; init; }

    public double? P { get; init; }

    /// <summary><see cref="P"/> lies beyond what was observed and comes from a fitted tail.</summary>
    public bool Extrapolated { get; init; }
    public double Score { get; init; }
    public IReadOnlyList<Contributor> Contributors { get; init; } = [];
    public Forecast? Forecast { get; init; }

    /// <summary>Who moved first and how the others followed; null while it is alone.</summary>
    public string? ProbableCause { get; init; }

    /// <summary>What was folded into it, in the order of its beginning, at most <see cref="IncidentRules.MostListed"/>.</summary>
    public IReadOnlyList<Symptom> Symptoms
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>All that was folded into it, those not listed too.</summary>
    public int SymptomCount { get; init; }

    /// <summary>So much came at once that it is told as one.</summary>
    public bool Storm { get; init; }

    /// <summary>Times it came back after its end.</summary>
    public int Reopened { get; init; }

    /// <summary>It comes and goes: its end is waited for longer.</summary>
    public bool Flapping { get; init; }

    /// <summary>The limit that was said to be hit, and what became of it; null where none was.</summary>
    public BreachPrediction? Prediction { get; init; }

    /// <summary>Who looks after it.</summary>
    public string? Assignee { get; init; }

    /// <summary>The silence or maintenance window that keeps it from being told; null = none.</summary>
    public string? MutedBy { get; init; }

    /// <summary>What happened to it, oldest first, at most <see cref="IncidentRules.MostTimeline"/>.</summary>
    public IReadOnlyList<TimelineEntry> Timeline
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>How its notifications fare, one line per receiver and channel.</summary>
    public IReadOnlyList<DeliveryState> Deliveries
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>As <see cref="Detection.Model"/>.</summary>
    public string? Model { get; init; }

    /// <summary>The row that the model of everybody scored at the moment that <see cref="Score"/> tells of, bit by bit: feedback is learned from it. Empty when the detection had none.</summary>
    [JsonConverter(typeof(FloatVectorConverter))]
    public float[] Features
    {
        get;
        // What is not in the JSON is set to null all the same: events written before there were features have none.
        init => field = value ?? [];
    } = [];

    /// <summary>Stamps of the detection that opened it, <see cref="Stamps.Notified"/> included.</summary>
    public Stamps Stamps { get; init; } = new();
}

[JsonConverter(typeof(KebabEnumConverter<IncidentStatus>))]
public enum IncidentStatus
{
    Open,
    Acknowledged,
    Resolved,
}

[JsonConverter(typeof(KebabEnumConverter<IncidentSeverity>))]
public enum IncidentSeverity
{
    Info,
    Warning,
    Critical,
}
