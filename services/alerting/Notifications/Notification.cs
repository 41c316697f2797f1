using System.Globalization;
using System.Text.Json.Serialization;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>What one receiver is told about one revision of an incident; each of the receiver's channels takes it apart.</summary>
public sealed record Notification
{
    /// <summary>Deterministic: made again after a crash it is the same, and it is visible in every channel.</summary>
    public required string Id { get; init; }

    public required string Receiver { get; init; }
    public required NotificationKind Kind { get; init; }
    public required IncidentEvent Incident { get; init; }

    /// <summary>When it was decided, unix milliseconds.</summary>
    public required long At { get; init; }

    /// <param name="incident">Id of the incident.</param>
    /// <param name="receiver">Who is told.</param>
    /// <param name="kind">What is told.</param>
    /// <param name="ordinal">Tells apart those of one kind: the revision that gave rise to it.</param>
    public static string IdOf(string incident, string receiver, NotificationKind kind, long ordinal) =>
        "n-" + ContentHash.Of(string.Create(CultureInfo.InvariantCulture, $"{incident}\n{receiver}\n{kind}\n{ordinal}"));
}

/// <summary>What people are told.</summary>
[JsonConverter(typeof(KebabEnumConverter<NotificationKind>))]
public enum NotificationKind
{
    None,
    Opened,

    /// <summary>Something changed that deserves no message of its own: channels that can change what they sent do, others leave it out.</summary>
    Updated,

    /// <summary>It became more severe.</summary>
    Worsened,

    /// <summary>A prediction came true, was averted or was wrong.</summary>
    Settled,

    /// <summary>Nobody has acknowledged it.</summary>
    Escalated,
    Resolved,
}
