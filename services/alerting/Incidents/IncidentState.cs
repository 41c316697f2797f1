using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>What an incident actor keeps: the incident as published, what was observed, and what has not left yet.</summary>
public sealed record IncidentState
{
    /// <summary>The newest revision, as the outside sees it.</summary>
    public required IncidentEvent Incident { get; init; }

    /// <summary>Event time of the newest detection; older ones are repeats.</summary>
    public required long LastDetectionT { get; init; }

    /// <summary>When the newest detection arrived, unix milliseconds.</summary>
    public required long LastObservedAt { get; init; }

    /// <summary>How soon another detection can be expected after the newest, milliseconds; 0 = unknown.</summary>
    public int StepMs { get; init; }

    /// <summary>When the newest revision went out, unix milliseconds.</summary>
    public required long LastPublishedAt { get; init; }

    /// <summary>Saved together with the state and cleared after it has left, so a crash in between repeats it instead of losing it.</summary>
    public Pending Pending { get; init; } = Pending.None;
}

/// <summary>What still has to leave.</summary>
/// <param name="Publish">The newest revision on the topic.</param>
/// <param name="Notify">What people are told.</param>
public sealed record Pending(bool Publish, NotificationKind Notify)
{
    public static readonly Pending None = new(false, NotificationKind.None);
}

/// <summary>The detections of one delivery that belong to one fingerprint, oldest first.</summary>
public sealed record DetectionFold(IReadOnlyList<Detection> Detections);
