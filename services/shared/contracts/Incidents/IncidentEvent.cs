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

    public required string Entity { get; init; }
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
    public double Score { get; init; }
    public IReadOnlyList<Contributor> Contributors { get; init; } = [];
    public Forecast? Forecast { get; init; }
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
