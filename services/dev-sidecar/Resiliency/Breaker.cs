namespace DevSidecar.Resiliency;

/// <summary>The target's breaker lets no call through now.</summary>
sealed class CircuitOpenException(BreakerState state)
    : Exception(state == BreakerState.Open ? "circuit breaker is open" : "too many requests: the circuit breaker is half-open");

/// <summary>One living circuit breaker, for callers of many threads.</summary>
sealed class Breaker(BreakerRule rule, TimeProvider time)
{
    readonly Lock _lock = new();
    BreakerStatus _status = CircuitBreaker.Start(rule, time.GetUtcNow());

    public BreakerState State
    {
        get
        {
            lock (_lock)
            {
                return (_status = CircuitBreaker.At(_status, rule, time.GetUtcNow())).State;
            }
        }
    }

    /// <summary>The generation the call belongs to; to be given back to <see cref="Leave"/>.</summary>
    /// <exception cref="CircuitOpenException">The call is not let through.</exception>
    public long Enter()
    {
        lock (_lock)
        {
            (_status, var admitted) = CircuitBreaker.Enter(_status, rule, time.GetUtcNow());
            return admitted ? _status.Generation : throw new CircuitOpenException(_status.State);
        }
    }

    /// <summary>True when this outcome changed the state.</summary>
    public bool Leave(long generation, bool success)
    {
        lock (_lock)
        {
            var before = _status.State;
            _status = CircuitBreaker.Leave(_status, rule, generation, success, time.GetUtcNow());
            return _status.State != before;
        }
    }
}
