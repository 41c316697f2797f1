using System.Runtime.ExceptionServices;

namespace DevSidecar.Resiliency;

/// <summary>
/// Carries calls to one target through its policies: each attempt passes the circuit breaker and ends within the time-out,
/// and failures are tried again. A breaker that lets nothing through ends the retries.
/// </summary>
/// <param name="Retry">What applies; may be built in where the target names none.</param>
/// <param name="RetryIsNamed">A document asks for the retries; built-in ones are for calls that never arrived.</param>
sealed record Guard(RetryRule? Retry, bool RetryIsNamed, TimeSpan? Timeout, Breaker? Breaker, GuardMetrics? Metrics, TimeProvider Time)
{
    /// <summary>No policy at all.</summary>
    public static Guard None(TimeProvider time) => new(null, false, null, null, null, time);

    public Guard WithoutRetry() => this with { Retry = null, RetryIsNamed = false };

    /// <param name="call">One attempt. It must end when its token is cancelled.</param>
    /// <param name="ofResult">What an answer means; null: every answer is a success.</param>
    /// <param name="ofException">What an exception means; a time-out is always a failure worth another attempt.</param>
    /// <returns>The answer of the last attempt, even when it is a failure.</returns>
    /// <exception cref="TimeoutException">The last attempt took longer than the policy allows.</exception>
    /// <exception cref="CircuitOpenException">The breaker lets no call through.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<T, Outcome>? ofResult, Func<Exception, Outcome> ofException, CancellationToken cancellationToken)
    {
        Metrics?.Executed(this);
        var started = Time.GetTimestamp();
        for (var retries = 0; ; retries++)
        {
            var attempt = await AttemptAsync(call, ofResult, ofException, cancellationToken);
            if (Next(attempt.Outcome, retries, Time.GetElapsedTime(started)) is not { } delay)
            {
                attempt.Error?.Throw();
                return attempt.Result!;
            }

            Metrics?.RetryActivated();
            await Task.Delay(delay, Time, cancellationToken);
        }
    }

    TimeSpan? Next(Outcome outcome, int retriesDone, TimeSpan elapsed) =>
        RetryIsNamed || outcome.NeverArrived ? Retry?.Next(outcome, retriesDone, elapsed) : null;

    /// <summary>Throws only what no other attempt can change: an open breaker, or a caller that has gone.</summary>
    async Task<Attempt<T>> AttemptAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<T, Outcome>? ofResult, Func<Exception, Outcome> ofException, CancellationToken cancellationToken)
    {
        var generation = Breaker?.Enter() ?? 0;
        var outcome = Outcome.Failure;
        try
        {
            var result = await WithinTimeoutAsync(call, cancellationToken);
            outcome = ofResult?.Invoke(result) ?? Outcome.Success;
            return new(result, null, outcome);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            outcome = e is TimeoutException ? Outcome.Failure : ofException(e);
            return new(default, ExceptionDispatchInfo.Capture(e), outcome);
        }
        finally
        {
            if (Breaker?.Leave(generation, success: !outcome.Failed) == true)
            {
                Metrics?.BreakerTurned(Breaker.State);
            }
        }
    }

    async Task<T> WithinTimeoutAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        if (Timeout is not { } timeout)
        {
            return await call(cancellationToken);
        }

        using var clock = new CancellationTokenSource(timeout, Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            return await call(limit.Token);
        }
        catch (OperationCanceledException e) when (clock.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Metrics?.TimeoutActivated();
            throw new TimeoutException($"no answer within {timeout.TotalSeconds:0.###} s, the time-out of its policy", e);
        }
    }

    readonly record struct Attempt<T>(T? Result, ExceptionDispatchInfo? Error, Outcome Outcome);
}
