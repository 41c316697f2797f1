using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>What a test of a route or receiver has set off.</summary>
public sealed record AlertTest
{
    /// <summary>What the notifications speak of; there is no such incident in history.</summary>
    public required string Incident { get; init; }
    public required IReadOnlyList<TestedReceiver> Notifications { get; init; }

    /// <summary>What became of them so far, one line per receiver and channel.</summary>
    public IReadOnlyList<DeliveryState> Deliveries
    {
        get;
        // What is not in the JSON is set to null all the same.
        init => field = value ?? [];
    } = [];
}

/// <param name="Notification">Id, visible in the message.</param>
/// <param name="Channels">By which it leaves.</param>
public sealed record TestedReceiver(string Receiver, string Notification, IReadOnlyList<string> Channels);

/// <summary>Which past is to be told again, and by what rules. Nothing is sent.</summary>
public sealed record DryRunRequest
{
    /// <summary>Unix milliseconds, inclusive; seven days before <see cref="To"/> when absent.</summary>
    public long? From { get; init; }

    /// <summary>Unix milliseconds, exclusive; now when absent.</summary>
    public long? To { get; init; }

    /// <summary>A configuration file's text; the one that holds when absent.</summary>
    public string? Config { get; init; }
}

/// <summary>What rules would have done with the incidents that opened in a time.</summary>
public sealed record DryRunResult
{
    public required long From { get; init; }
    public required long To { get; init; }

    /// <summary><c>would have sent 3: 2 to ops, 1 to boss</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>Incidents that opened in that time.</summary>
    public required int Incidents { get; init; }

    /// <summary>Those that somebody would have been told of.</summary>
    public required int Told { get; init; }

    /// <summary>Those that were muted, or would be by silences that are known.</summary>
    public required int Muted { get; init; }

    /// <summary>Those that a limit alone would have kept from everybody.</summary>
    public required int HeldBack { get; init; }

    /// <summary>Those that no route matches.</summary>
    public required int Unrouted { get; init; }

    /// <summary>Messages at the opening.</summary>
    public required int Notifications { get; init; }

    /// <summary>Messages because nobody had acknowledged.</summary>
    public required int Escalations { get; init; }
    public required IReadOnlyList<DryRunRoute> Routes { get; init; }
    public required IReadOnlyList<DryRunReceiver> Receivers { get; init; }

    /// <summary>Some of the incidents, newest first.</summary>
    public required IReadOnlyList<DryRunIncident> Examples { get; init; }
}

/// <param name="Matched">Incidents that it holds for.</param>
/// <param name="HeldBack">Those of them beyond its limit.</param>
public sealed record DryRunRoute(string Name, int Matched, int HeldBack);

/// <param name="Notifications">Messages at the opening.</param>
/// <param name="Escalations">Messages because nobody had acknowledged.</param>
public sealed record DryRunReceiver(string Name, int Notifications, int Escalations);

/// <param name="OpenedAt">Unix milliseconds.</param>
/// <param name="Receivers">Who would have been told at once.</param>
public sealed record DryRunIncident(
    string Id, string Entity, IncidentSeverity Severity, string Summary, long OpenedAt, DryRunOutcome Outcome, IReadOnlyList<string> Receivers);

[JsonConverter(typeof(KebabEnumConverter<DryRunOutcome>))]
public enum DryRunOutcome
{
    Told,
    Muted,
    HeldBack,
    Unrouted,
}
