using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>Something else that was told within the same time and has the same probable cause.</summary>
public sealed record Symptom
{
    public required string Entity { get; init; }

    /// <summary>As <see cref="Detection.Cause"/>.</summary>
    public required string Cause { get; init; }

    public required DetectionKind Kind { get; init; }
    public required string Summary { get; init; }

    /// <summary>Event time at which it began to show, unix milliseconds.</summary>
    public required long Since { get; init; }

    /// <summary>Event time of its newest detection, unix milliseconds.</summary>
    public required long LastT { get; init; }

    /// <summary>When it was folded into the incident, unix milliseconds; null where that was not noted.</summary>
    public long? FoldedAt { get; init; }

    /// <summary>Why it belongs here: <c>same entity</c>, or the attribute and the metric both share.</summary>
    public required string Why { get; init; }
}

/// <summary>A line of an incident's story.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="What">What happened.</param>
/// <param name="Who">The person; null = Forewarn.</param>
/// <param name="Text">In words.</param>
public sealed record TimelineEntry(long At, TimelineKind What, string? Who, string Text);

[JsonConverter(typeof(KebabEnumConverter<TimelineKind>))]
public enum TimelineKind
{
    Opened,
    Worsened,
    Joined,
    Predicted,
    Confirmed,
    Averted,
    Expired,
    Notified,
    NotDelivered,
    Escalated,
    Acknowledged,
    Assigned,
    Commented,
    Muted,
    Changed,
    Resolved,
    Reopened,
}

/// <summary>Said before it happened: a limit, when, how sure; and what became of it.</summary>
public sealed record BreachPrediction
{
    /// <summary>Series id.</summary>
    public required string Series { get; init; }

    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required double Limit { get; init; }

    /// <summary>When it was first said, unix milliseconds.</summary>
    public required long SaidAt { get; init; }

    /// <summary>Median of the time at which the limit is hit as first said, unix milliseconds.</summary>
    public required long PredictedAt { get; init; }

    /// <summary>Lower end of the 80 % interval as first said, unix milliseconds.</summary>
    public required long EarliestAt { get; init; }

    /// <summary>Upper end of the 80 % interval as first said, unix milliseconds.</summary>
    public required long LatestAt { get; init; }

    /// <summary>Probability of the limit within the hour as first said, 0 to 1.</summary>
    public required double Probability { get; init; }

    public required PredictionOutcome Outcome { get; init; }

    /// <summary>When the outcome was known; for a confirmed one when the limit was hit; unix milliseconds.</summary>
    public long? OutcomeAt { get; init; }

    /// <summary>What averted it: an acknowledgement, a change, a reset; null unless averted.</summary>
    public string? AvertedBy { get; init; }
}

[JsonConverter(typeof(KebabEnumConverter<PredictionOutcome>))]
public enum PredictionOutcome
{
    /// <summary>The time has not come.</summary>
    Pending,

    /// <summary>The limit was hit.</summary>
    Confirmed,

    /// <summary>It was not hit, and somebody or something had stepped in before.</summary>
    Averted,

    /// <summary>It was not hit and nobody had stepped in: it was wrong.</summary>
    Expired,
}

/// <summary>How the newest notification to one receiver by one channel fares.</summary>
public sealed record DeliveryState
{
    /// <summary>As configured.</summary>
    public required string Receiver { get; init; }

    /// <summary><c>console</c>, <c>email</c>, <c>slack</c>, <c>webhook</c>, <c>alertmanager</c>, <c>binding</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>The same for every attempt, and visible in the message itself.</summary>
    public required string Notification { get; init; }

    public required DeliveryStatus Status { get; init; }
    public required int Attempts { get; init; }

    /// <summary>Of the newest change, unix milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>What the channel answered; null when it took it.</summary>
    public string? Error { get; init; }
}

[JsonConverter(typeof(KebabEnumConverter<DeliveryStatus>))]
public enum DeliveryStatus
{
    Sent,

    /// <summary>It failed and will be tried again.</summary>
    Retrying,

    /// <summary>It failed for good.</summary>
    Failed,
}
