using Dapr.Actors;

namespace Forewarn.Alerting.Incidents;

/// <summary>One actor per fingerprint: turn-based, durable, woken by its reminder while it is open.</summary>
public interface IIncidentActor : IActor
{
    /// <summary>Applies detections, oldest first.</summary>
    Task Observe(DetectionFold fold);

    /// <summary>Marks the incident as taken on; false when this occurrence is not open.</summary>
    Task<bool> Acknowledge(string incidentId);

    /// <summary>Opens an incident as <see cref="Observe"/> does, up to what leaves the process, and forgets it again.</summary>
    Task Rehearse(DetectionFold fold);
}
