namespace DevSidecar.DurableLog;

/// <summary>How long to wait before attempt n+1. Infinite when <paramref name="MaxRetries"/> is negative.</summary>
sealed record BackOff(bool Exponential, TimeSpan Interval, TimeSpan MaxInterval, int MaxRetries, double Multiplier = 1.5, double Randomization = 0)
{
    /// <summary>Dapr's default for Kafka: 5 s, for ever.</summary>
    public static BackOff Default { get; } = new(false, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), -1);

    public bool Exhausted(int retriesDone) => MaxRetries >= 0 && retriesDone >= MaxRetries;

    public TimeSpan Delay(int retriesDone)
    {
        if (!Exponential)
        {
            return Interval;
        }

        var milliseconds = Math.Min(MaxInterval.TotalMilliseconds, Interval.TotalMilliseconds * Math.Pow(Multiplier, retriesDone));
        var jitter = 1 + (Randomization * ((2 * Random.Shared.NextDouble()) - 1));
        return TimeSpan.FromMilliseconds(milliseconds * jitter);
    }
}
