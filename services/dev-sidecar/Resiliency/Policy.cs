using DevSidecar.DurableLog;

namespace DevSidecar.Resiliency;

/// <summary>How one attempt ended, as retries and breakers see it.</summary>
readonly record struct Outcome(bool Failed, bool Retriable, bool NeverArrived = false, int? HttpStatus = null)
{
    public static Outcome Success { get; } = new(false, false);

    /// <summary>A failure another attempt may mend.</summary>
    public static Outcome Failure { get; } = new(true, true);

    /// <summary>No connection could be made: what the built-in retries are for.</summary>
    public static Outcome Unreachable { get; } = new(true, true, NeverArrived: true);

    /// <summary>A failure another attempt cannot mend.</summary>
    public static Outcome Final { get; } = new(true, false);

    /// <summary>An answer with a status that says failure.</summary>
    public static Outcome HttpFailure(int status) => new(true, true, HttpStatus: status);
}

/// <summary>A retry policy. Without ranges every failure is retried; a failure without a status always is.</summary>
sealed record RetryRule(BackOff BackOff, StatusRanges? HttpStatuses = null)
{
    /// <summary>An exponential policy ends with this age, whatever its number of retries.</summary>
    static readonly TimeSpan LongestExponential = TimeSpan.FromMinutes(15);

    /// <summary>How long to wait before another attempt; null when there is to be none.</summary>
    public TimeSpan? Next(Outcome outcome, int retriesDone, TimeSpan elapsed)
    {
        if (!outcome.Retriable || BackOff.Exhausted(retriesDone)
            || (outcome.HttpStatus is { } http && HttpStatuses?.Contains(http) == false))
        {
            return null;
        }

        var delay = BackOff.Delay(retriesDone);
        return BackOff.Exponential && elapsed + delay > LongestExponential ? null : delay;
    }
}

/// <summary>The policies that apply to one target and direction; null where there is none.</summary>
sealed record Policy(RetryRule? Retry = null, TimeSpan? Timeout = null, BreakerRule? Breaker = null)
{
    public static Policy None { get; } = new();
}
