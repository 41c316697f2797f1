using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>A time in which matching incidents open but are not told.</summary>
public sealed record SilenceInfo
{
    public required string Id { get; init; }
    public required SilenceKind Kind { get; init; }
    public required AlertMatch Match { get; init; }

    /// <summary>Unix milliseconds, inclusive.</summary>
    public required long From { get; init; }

    /// <summary>Unix milliseconds, exclusive.</summary>
    public required long To { get; init; }

    public required string Reason { get; init; }
    public required string Who { get; init; }

    /// <summary>When it was said, unix milliseconds.</summary>
    public required long At { get; init; }
}

[JsonConverter(typeof(KebabEnumConverter<SilenceKind>))]
public enum SilenceKind
{
    Silence,

    /// <summary>Somebody works on it: what is measured meanwhile is left out of training, too.</summary>
    Maintenance,
}

/// <summary>What a person sends to silence.</summary>
public sealed record SilenceRequest
{
    public SilenceKind Kind { get; init; }
    public required AlertMatch Match { get; init; }

    /// <summary>Unix milliseconds; now when absent.</summary>
    public long? From { get; init; }

    public required long To { get; init; }
    public required string Reason { get; init; }
    public required string Who { get; init; }
}

/// <summary>Of what a preview is wanted; the rest of a <see cref="SilenceRequest"/> may be sent along.</summary>
public sealed record SilencePreviewRequest(AlertMatch Match);

/// <summary>What a silence would have kept quiet in the past.</summary>
public sealed record SilencePreview
{
    /// <summary>How far back was looked, unix milliseconds.</summary>
    public required long From { get; init; }

    /// <summary>Incidents that were told in that time.</summary>
    public required int Incidents { get; init; }

    /// <summary>Those of them that it matches.</summary>
    public required int Muted { get; init; }

    /// <summary>Some of those, newest first.</summary>
    public required IReadOnlyList<MutedIncident> Examples { get; init; }
}

/// <param name="Id">Incident.</param>
/// <param name="OpenedAt">Unix milliseconds.</param>
public sealed record MutedIncident(string Id, string Entity, IncidentSeverity Severity, string Summary, long OpenedAt);
