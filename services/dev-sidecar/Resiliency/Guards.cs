namespace DevSidecar.Resiliency;

/// <summary>The policies of one logical sidecar at work: it has its own circuit breakers, as every daprd has.</summary>
sealed class Guards(Policies policies, Telemetry telemetry, TimeProvider time)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, BreakerCache> _caches = new(StringComparer.Ordinal);

    /// <summary>Service invocation: one breaker per method of the app. Without a named retry the built-in one is for lost connections only.</summary>
    public Guard App(string appId, string method)
    {
        var target = policies.App(appId);
        return New(target, "app_" + appId, "outbound", BreakerOf(target, "app/" + appId, method)) is var guard && guard.RetryIsNamed
            ? guard
            : guard with { Retry = policies.Retry(BuiltIn.ServiceRetries) };
    }

    /// <summary>Retry and breaker of a call to an actor, while it does not hold the actor's turn; see <see cref="ActorTurn"/>.</summary>
    public Guard Actor(string type, string id)
    {
        var target = policies.Actor(type);
        var key = target.Scope == BreakerScope.Type ? "" : id;
        return New(target, "actor_" + type, "outbound", BreakerOf(target, "actor/" + type, key)) with { Timeout = null } is var guard && guard.RetryIsNamed
            ? guard
            : guard with { Retry = policies.Retry(BuiltIn.ActorRetries) };
    }

    /// <summary>The time-out of an actor's turn: waiting for the turn does not count.</summary>
    public Guard ActorTurn(string type) => New(policies.Actor(type), "actor_" + type, "outbound", null).WithoutRetry();

    public Guard Inbound(string component, string kind) => Component(policies.Inbound(component, kind), component, kind, "inbound");

    public Guard Outbound(string component, string kind) => Component(policies.Outbound(component, kind), component, kind, "outbound");

    /// <summary>How often the app is asked for its configuration before it is given up.</summary>
    public RetryRule Initialization => policies.Retry(BuiltIn.InitializationRetries);

    /// <summary>Both directions of a component share its breaker.</summary>
    Guard Component(TargetPolicy target, string component, string kind, string direction) =>
        New(target, $"{kind}_{component}", direction, BreakerOf(target, "component/" + component, ""));

    Guard New(TargetPolicy target, string label, string direction, Breaker? breaker) => new(
        target.Policy.Retry, target.Policy.Retry is not null, target.Policy.Timeout is { Ticks: > 0 } timeout ? timeout : null, breaker,
        ReferenceEquals(target, TargetPolicy.None) ? null : new(telemetry, target.Document, label, direction), time);

    Breaker? BreakerOf(TargetPolicy target, string owner, string key)
    {
        if (target.Policy.Breaker is not { } rule)
        {
            return null;
        }

        lock (_lock)
        {
            if (!_caches.TryGetValue(owner, out var cache))
            {
                _caches[owner] = cache = new(target.BreakerCacheSize);
            }

            return cache.Get(key, () => new(rule, time));
        }
    }
}
