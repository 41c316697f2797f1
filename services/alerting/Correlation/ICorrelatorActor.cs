using Dapr.Actors;

namespace Forewarn.Alerting.Correlation;

/// <summary>One actor per group of entities: whose incident is it?</summary>
public interface ICorrelatorActor : IActor
{
    /// <summary>Assigns the fingerprints of one delivery.</summary>
    Task<Assignment[]> Assign(Onset[] onsets);
}
