using System.Runtime.InteropServices;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>That an incident says something of a host.</summary>
/// <param name="Entity">The host.</param>
/// <param name="At">When it did at the latest, unix milliseconds.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct Telling(string Entity, long At)
{
    /// <summary>All that an incident tells, the earliest first: where it was opened, and what was folded into it.</summary>
    public static IReadOnlyList<Telling> Of(IncidentEvent incident)
    {
        var tellings = new List<Telling> { new(incident.Entity, incident.OpenedAt) };
        foreach (var symptom in incident.Symptoms)
            tellings.Add(new(symptom.Entity, Math.Max(symptom.FoldedAt ?? symptom.Since, incident.OpenedAt)));
        // Of those that are only named nothing is known but that they were before the newest change.
        foreach (var entity in incident.Entities)
        {
            if (!tellings.Exists(telling => telling.Entity == entity))
                tellings.Add(new(entity, incident.UpdatedAt));
        }
        return [.. tellings.OrderBy(telling => telling.At)];
    }
}
