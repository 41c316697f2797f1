using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>An incident and the faults that it tells of. Pure.</summary>
/// <param name="Incident">In its newest revision.</param>
/// <param name="Faults">Each with the time at which the incident first told of it, the earliest first; empty = of none.</param>
sealed record FaultMatch(IncidentEvent Incident, IReadOnlyList<(GroundTruth Truth, long At)> Faults)
{
    /// <summary>An end is a change, too: what is told this long after a fault belongs to it.</summary>
    public const long AftermathMs = 60_000;

    /// <summary>When it was opened, none of what it tells of was going on.</summary>
    public bool IsFalseAlarm => !Faults.Any(fault => IsOn(fault.Truth, Incident.OpenedAt));

    /// <summary>What is said of a host belongs to the newest fault that had begun there and is not long over.</summary>
    public static FaultMatch Of(IncidentEvent incident, IReadOnlyList<GroundTruth> truths)
    {
        var faults = new List<(GroundTruth Truth, long At)>();
        foreach (var telling in Telling.Of(incident))
        {
            var cause = truths.Where(truth => truth.Entities.Contains(telling.Entity) && IsOn(truth, telling.At)).MaxBy(truth => truth.Start);
            if (cause is not null && !faults.Exists(fault => fault.Truth == cause))
                faults.Add((cause, telling.At));
        }
        return new(incident, faults);
    }

    /// <summary>When it first told of a fault, unix milliseconds; null when it does not.</summary>
    public long? ToldOf(GroundTruth truth)
    {
        foreach (var fault in Faults)
        {
            if (fault.Truth == truth)
                return fault.At;
        }
        return null;
    }

    static bool IsOn(GroundTruth truth, long at) => at >= truth.Start && at < truth.End + AftermathMs;
}
