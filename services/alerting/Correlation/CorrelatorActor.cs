using Dapr.Actors.Runtime;

namespace Forewarn.Alerting.Correlation;

/// <summary>Runs the <see cref="CorrelationWindow"/> of one scope: what it decides is saved before anybody acts on it, so a redelivery finds the same.</summary>
sealed class CorrelatorActor(ActorHost host, AlertingOptions options, TimeProvider time) : Actor(host), ICorrelatorActor
{
    public const string TypeName = "Correlator";
    const string StateKey = "window";

    public async Task<Assignment[]> Assign(Onset[] onsets)
    {
        var stored = await StateManager.TryGetStateAsync<CorrelationState>(StateKey);
        var state = stored.HasValue ? stored.Value : new CorrelationState();
        var window = new CorrelationWindow(Id.GetId(), state, CorrelationRules.Of(options));
        var assignments = window.Assign(onsets, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (window.Changed)
        {
            await StateManager.SetStateAsync(StateKey, state);
            await StateManager.SaveStateAsync();
        }
        return [.. assignments];
    }
}
