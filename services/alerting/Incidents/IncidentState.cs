using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>What an incident actor keeps: the incident as published, what was observed, and what has not left yet.</summary>
public sealed record IncidentState
{
    /// <summary>The newest revision, as the outside sees it.</summary>
    public required IncidentEvent Incident { get; init; }

    /// <summary>Event time of the newest detection of each fingerprint in it; older ones are repeats.</summary>
    public required SeenFingerprints Seen { get; init; }

    /// <summary>When the newest detection arrived, unix milliseconds.</summary>
    public required long LastObservedAt { get; init; }

    /// <summary>How soon another detection can be expected after the newest, milliseconds; 0 = unknown.</summary>
    public int StepMs { get; init; }

    /// <summary>Who vouches for what, by fingerprint; what is over is not in it.</summary>
    public IReadOnlyDictionary<string, Hold> Holds { get; init; } = Incidents.Holds.None;

    /// <summary>When the newest revision went out, unix milliseconds.</summary>
    public required long LastPublishedAt { get; init; }

    /// <summary>When it ended within the last hour, unix milliseconds, oldest first.</summary>
    public IReadOnlyList<long> Endings { get; init; } = [];

    /// <summary>A person said it is over: what only goes on does not bring it back.</summary>
    public bool ClosedByPerson { get; init; }

    /// <summary>Receivers that know it as open.</summary>
    public IReadOnlyList<string> Told { get; init; } = [];

    /// <summary>Receivers that have ever been told of it.</summary>
    public IReadOnlyList<string> Heard { get; init; } = [];

    /// <summary>Its opening was kept back by a silence.</summary>
    public bool HeldBack { get; init; }

    /// <summary>Nobody is told before, unix milliseconds; null = now.</summary>
    public long? SnoozedUntil { get; init; }

    /// <summary>Who is told when nobody acknowledges, next first.</summary>
    public IReadOnlyList<DueEscalation> Escalation { get; init; } = [];

    /// <summary>What somebody did about the prediction while it stood.</summary>
    public Intervention? Intervention { get; init; }

    /// <summary>Saved together with the state and cleared after it has left, so a crash in between repeats it instead of losing it.</summary>
    public Pending Pending { get; init; } = Pending.None;

    /// <summary>It is not over, or something is still to be found out.</summary>
    public bool IsAlive => Incident.Status != IncidentStatus.Resolved || Incident.Prediction is { Outcome: PredictionOutcome.Pending } || Pending.Notices.Count > 0;
}

/// <param name="At">Unix milliseconds.</param>
/// <param name="Receivers">Names.</param>
public sealed record DueEscalation(long At, IReadOnlyList<string> Receivers);

/// <param name="At">Unix milliseconds.</param>
/// <param name="What">For people: <c>acknowledged by anna</c>.</param>
public sealed record Intervention(long At, string What);

/// <summary>What still has to leave.</summary>
/// <param name="Publish">The newest revision on the topic.</param>
/// <param name="Notices">What people are told, in this order.</param>
public sealed record Pending(bool Publish, IReadOnlyList<Notice> Notices)
{
    public static readonly Pending None = new(false, []);
}

/// <summary>Something people are to be told.</summary>
/// <param name="Kind">What.</param>
/// <param name="Ordinal">Revision that gave rise to it: makes the notification's id.</param>
/// <param name="Receivers">Names; empty = whom the routes name, or who was told before.</param>
public sealed record Notice(NotificationKind Kind, long Ordinal, IReadOnlyList<string> Receivers);

/// <summary>The detections of one delivery that belong to one incident.</summary>
/// <param name="Lead">Fingerprint of the incident.</param>
/// <param name="Labels">Attributes of the entity of the first of them.</param>
/// <param name="Parts">One per fingerprint.</param>
public sealed record DetectionFold(string Lead, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<FoldPart> Parts);

/// <param name="Fingerprint">Of all of them.</param>
/// <param name="Why">Why they are folded in; empty for the lead's own.</param>
/// <param name="Detections">Oldest first, at least one.</param>
public sealed record FoldPart(string Fingerprint, string Why, IReadOnlyList<Detection> Detections);
