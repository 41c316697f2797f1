using System.Text.Json.Serialization;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>How well a drill's faults were told. Times are unix milliseconds.</summary>
/// <param name="From">When the drill began to send.</param>
/// <param name="HostHours">Host hours without a fault in which a false alarm was possible.</param>
sealed record DrillReport(
    string Scenario, long From, long To, double HostHours, IReadOnlyList<FaultVerdict> Faults, IReadOnlyList<ToldIncident> FalseAlarms, IReadOnlyList<BarVerdict> Bars)
{
    public bool IsMet => Bars.All(bar => bar.IsMet);
}

/// <summary>What became of one fault.</summary>
sealed record FaultVerdict
{
    public required GroundTruth Truth { get; init; }

    /// <summary>Incidents that tell of it, the earliest first; those of its end among them.</summary>
    public required IReadOnlyList<ToldIncident> Incidents { get; init; }

    /// <summary>When an incident first told of it while it lasted, as its lead or folded into it; null = it was not detected.</summary>
    public long? DetectedAt { get; init; }

    /// <summary>Seconds from its start until it was told.</summary>
    public double? SecondsToDetect => (DetectedAt - Truth.Start) / 1000.0;

    /// <summary>Seconds from when it was told to its failure, negative when that came first; null without either, and of what fails at once.</summary>
    public double? LeadSeconds => Truth.Failure > Truth.Start ? (Truth.Failure - DetectedAt) / 1000.0 : null;

    /// <summary>Other faults that the same incidents tell of, although nothing but the hour joins them.</summary>
    public required IReadOnlyList<string> FoldedWith { get; init; }

    /// <summary>What it missed, and why as far as that can be seen; empty = nothing.</summary>
    public required IReadOnlyList<string> Missed { get; init; }
}

/// <summary>An incident as the platform told it.</summary>
/// <param name="Model">What decided; absent when no model did.</param>
sealed record ToldIncident(
    string Id, string Entity, [property: JsonConverter(typeof(KebabEnumConverter<DetectionKind>))] DetectionKind Kind,
    [property: JsonConverter(typeof(KebabEnumConverter<IncidentSeverity>))] IncidentSeverity Severity, long OpenedAt, string Summary, string? Model);

/// <summary>A bar and what was reached.</summary>
sealed record BarVerdict(string Bar, string Reached, bool IsMet);
