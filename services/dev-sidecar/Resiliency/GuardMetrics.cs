namespace DevSidecar.Resiliency;

/// <summary>Reports what the policies of one target do, under the document, target and direction daprd would name.</summary>
sealed class GuardMetrics(Telemetry telemetry, string document, string target, string direction)
{
    public void Executed(Guard guard)
    {
        if (guard.Timeout is not null)
        {
            telemetry.PolicyExecuted(document, "timeout", direction, target, "");
        }

        if (guard.RetryIsNamed)
        {
            telemetry.PolicyExecuted(document, "retry", direction, target, "");
        }

        if (guard.Breaker is { } breaker)
        {
            telemetry.PolicyExecuted(document, "circuitbreaker", direction, target, Text(breaker.State));
            telemetry.BreakerState(document, direction, target, Text(breaker.State));
        }
    }

    public void RetryActivated() => telemetry.PolicyActivated(document, "retry", direction, target, "");

    public void TimeoutActivated() => telemetry.PolicyActivated(document, "timeout", direction, target, "");

    public void BreakerTurned(BreakerState state)
    {
        telemetry.PolicyActivated(document, "circuitbreaker", direction, target, Text(state));
        telemetry.BreakerState(document, direction, target, Text(state));
    }

    static string Text(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.HalfOpen => "half-open",
        _ => "open",
    };
}
