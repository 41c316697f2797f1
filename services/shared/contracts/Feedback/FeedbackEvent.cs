using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>
/// Topic <c>feedback</c>: what a person says of a decision, or of one that should have been. It carries all that is needed
/// to learn from it, so whoever reads it asks nobody. Of several with one <see cref="Id"/> the latest holds.
/// </summary>
public sealed record FeedbackEvent
{
    public int V { get; init; } = 1;

    /// <summary>Deterministic: the incident, or entity and span of what was missed.</summary>
    public required string Id { get; init; }

    public required FeedbackKind Kind { get; init; }
    public required string Entity { get; init; }

    /// <summary>The incident it is about; null for what was missed.</summary>
    public string? Incident { get; init; }

    /// <summary>What kind of decision it is about; null for what was missed.</summary>
    public DetectionKind? Detection { get; init; }

    /// <summary>Event time at which it began, unix milliseconds.</summary>
    public required long From { get; init; }

    /// <summary>When it was over, unix milliseconds; null for an incident that was not when it was judged.</summary>
    public long? To { get; init; }

    /// <summary>The model that decided; null when none did.</summary>
    public string? Model { get; init; }

    /// <summary>The row that this model scored at the worst moment, bit by bit; empty when no model decided.</summary>
    [JsonConverter(typeof(FloatVectorConverter))]
    public float[] Features
    {
        get;
        // What is not in the JSON is set to null all the same.
        init => field = value ?? [];
    } = [];

    public string? Who { get; init; }
    public string? Note { get; init; }

    /// <summary>When it was said, unix milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>What is said of an incident, with its own row and model, so that nobody has to look them up later.</summary>
    /// <param name="at">Unix milliseconds.</param>
    public static FeedbackEvent Of(IncidentEvent incident, FeedbackKind kind, string? who, string? note, long at)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return new FeedbackEvent
        {
            Id = IdOf(incident.Id),
            Kind = kind,
            Entity = incident.Entity,
            Incident = incident.Id,
            Detection = incident.Kind,
            From = incident.StartedAt,
            To = incident.ResolvedAt,
            Model = incident.Model,
            Features = incident.Features,
            Who = who,
            Note = note,
            At = at,
        };
    }

    /// <summary>Identity of what is said about an incident.</summary>
    public static string IdOf(string incident) => ContentHash.Of($"incident\n{incident}");

    /// <summary>Identity of what is said about a time without an incident.</summary>
    public static string IdOf(string entity, long from, long to) => ContentHash.Of($"missed\n{entity}\n{from}\n{to}");
}

[JsonConverter(typeof(KebabEnumConverter<FeedbackKind>))]
public enum FeedbackKind
{
    /// <summary>It was right to tell.</summary>
    Useful,

    /// <summary>Nothing was wrong: this is normal and is to be learned.</summary>
    FalseAlarm,

    /// <summary>Something was wrong and nobody was told.</summary>
    Missed,
}

/// <summary>What a person sends: about an incident, or with entity and span about what was missed.</summary>
public sealed record FeedbackRequest
{
    public required FeedbackKind Kind { get; init; }

    /// <summary>For what was missed only.</summary>
    public string? Entity { get; init; }

    /// <summary>For what was missed only: event time at which it began, unix milliseconds.</summary>
    public long? From { get; init; }

    /// <summary>For what was missed only: when it was over, unix milliseconds.</summary>
    public long? To { get; init; }

    public string? Who { get; init; }
    public string? Note { get; init; }
}
