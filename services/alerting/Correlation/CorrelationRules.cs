namespace Forewarn.Alerting.Correlation;

/// <summary>When one thing is taken for a symptom of another.</summary>
/// <param name="WithinMs">What begins this long after a lead may be its symptom.</param>
/// <param name="StormAbove">More leads than this within <paramref name="StormWithinMs"/> are a storm.</param>
/// <param name="StormWithinMs">Window of the storm.</param>
/// <param name="KeepMs">How long a fingerprint is remembered when nothing more is seen of it, if its ticks are near to each other.</param>
/// <param name="KeepSteps">The same in steps of its ticks, where that is longer.</param>
public sealed record CorrelationRules(long WithinMs, int StormAbove, long StormWithinMs, long KeepMs, double KeepSteps)
{
    public static CorrelationRules Of(AlertingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(
            options.CorrelateWithinSeconds * 1000L, options.StormAbove, options.StormWithinSeconds * 1000L,
            (options.ResolveAfterSeconds + options.ReopenWithinSeconds) * 1000L, 2.5);
    }
}
