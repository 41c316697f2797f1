using Dapr.Actors;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>One actor per incident, named by the fingerprint of its lead: turn-based, durable, woken by its reminder while it is alive.</summary>
public interface IIncidentActor : IActor
{
    /// <summary>Applies detections.</summary>
    Task Observe(DetectionFold fold);

    /// <summary>Does what a person asks.</summary>
    Task<ActionOutcome> Act(IncidentAction action);

    /// <summary>Takes word of how a notification fares.</summary>
    Task Report(DeliveryReport report);

    /// <summary>Opens an incident as <see cref="Observe"/> does, up to what leaves the process, and forgets it again.</summary>
    Task Rehearse(DetectionFold fold);
}

/// <param name="Refusal">Why it was not done; null when it was.</param>
/// <param name="Incident">As it is now; null when there is none.</param>
public sealed record ActionOutcome(string? Refusal, IncidentEvent? Incident);

/// <param name="Incident">Id of the occurrence.</param>
/// <param name="State">Of one receiver and channel.</param>
public sealed record DeliveryReport(string Incident, DeliveryState State);
