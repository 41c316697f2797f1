using Dapr.Actors;

namespace Forewarn.Alerting.Routing;

/// <summary>One actor per route that has a limit: all replicas count together.</summary>
public interface IRouteLimiter : IActor
{
    /// <summary>Whether the route may tell of an incident; the same answer however often it asks.</summary>
    Task<bool> TryTake(LimitedIncident request);
}

/// <param name="Now">Of whoever asks, unix milliseconds.</param>
public sealed record LimitedIncident(HeldIncident Incident, long Now);
