namespace DevSidecar.Resiliency;

enum BreakerState
{
    Closed,
    HalfOpen,
    Open,
}

/// <summary>What a breaker has seen since its generation began.</summary>
readonly record struct BreakerCounts(long Requests, long TotalSuccesses, long TotalFailures, long ConsecutiveSuccesses, long ConsecutiveFailures)
{
    /// <summary>As a trip expression may name them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["requests", "totalSuccesses", "totalFailures", "consecutiveSuccesses", "consecutiveFailures"];

    public static Func<BreakerCounts, long>? Reader(string name) => name switch
    {
        "requests" => static c => c.Requests,
        "totalSuccesses" => static c => c.TotalSuccesses,
        "totalFailures" => static c => c.TotalFailures,
        "consecutiveSuccesses" => static c => c.ConsecutiveSuccesses,
        "consecutiveFailures" => static c => c.ConsecutiveFailures,
        _ => null,
    };

    public BreakerCounts Entered() => this with { Requests = Requests + 1 };

    public BreakerCounts Ended(bool success) => success
        ? this with { TotalSuccesses = TotalSuccesses + 1, ConsecutiveSuccesses = ConsecutiveSuccesses + 1, ConsecutiveFailures = 0 }
        : this with { TotalFailures = TotalFailures + 1, ConsecutiveFailures = ConsecutiveFailures + 1, ConsecutiveSuccesses = 0 };
}

/// <summary>
/// A circuit breaker as configured. <paramref name="Interval"/> zero means that a closed breaker never forgets;
/// <paramref name="Timeout"/> is how long it stays open; <paramref name="MaxRequests"/> successes in a row close a half-open one.
/// </summary>
sealed record BreakerRule(string Name, long MaxRequests, TimeSpan Interval, TimeSpan Timeout, Func<BreakerCounts, bool> Trips);

/// <summary>Where a breaker stands. <paramref name="Expires"/> ends the generation: counts are cleared, or an open breaker is tried.</summary>
readonly record struct BreakerStatus(BreakerState State, long Generation, BreakerCounts Counts, DateTimeOffset? Expires);

/// <summary>
/// The transitions of a circuit breaker, those of the library daprd uses. An outcome counts only for the generation in which
/// its call was let in, so that a slow answer from before a change of state does not decide about the time after it.
/// </summary>
static class CircuitBreaker
{
    public static BreakerStatus Start(BreakerRule rule, DateTimeOffset now) => Next(default, rule, BreakerState.Closed, now) with { Generation = 0 };

    /// <summary>The status at a time: only time passes.</summary>
    public static BreakerStatus At(BreakerStatus status, BreakerRule rule, DateTimeOffset now) => status.Expires is not { } expires || now <= expires
        ? status
        : Next(status, rule, status.State == BreakerState.Open ? BreakerState.HalfOpen : BreakerState.Closed, now);

    /// <summary>A call wants in. The status has counted it when it may.</summary>
    public static (BreakerStatus Status, bool Admitted) Enter(BreakerStatus status, BreakerRule rule, DateTimeOffset now)
    {
        status = At(status, rule, now);
        var admitted = status.State switch
        {
            BreakerState.Open => false,
            BreakerState.HalfOpen => status.Counts.Requests < rule.MaxRequests,
            _ => true,
        };
        return (admitted ? status with { Counts = status.Counts.Entered() } : status, admitted);
    }

    /// <summary>A call that was let in during <paramref name="generation"/> has ended.</summary>
    public static BreakerStatus Leave(BreakerStatus status, BreakerRule rule, long generation, bool success, DateTimeOffset now)
    {
        status = At(status, rule, now);
        if (status.Generation != generation)
        {
            return status;
        }

        status = status with { Counts = status.Counts.Ended(success) };
        return (status.State, success) switch
        {
            (BreakerState.Closed, false) when rule.Trips(status.Counts) => Next(status, rule, BreakerState.Open, now),
            (BreakerState.HalfOpen, false) => Next(status, rule, BreakerState.Open, now),
            (BreakerState.HalfOpen, true) when status.Counts.ConsecutiveSuccesses >= rule.MaxRequests => Next(status, rule, BreakerState.Closed, now),
            _ => status,
        };
    }

    static BreakerStatus Next(BreakerStatus status, BreakerRule rule, BreakerState state, DateTimeOffset now) => new(state, status.Generation + 1, default, state switch
    {
        BreakerState.Open => now + rule.Timeout,
        BreakerState.Closed when rule.Interval > TimeSpan.Zero => now + rule.Interval,
        _ => null,
    });
}
