namespace Forewarn.Alerting.Incidents;

/// <summary>What comes and goes is waited for longer, so that people hear of it once: each ending within an hour beyond the second doubles the quiet time.</summary>
static class FlapDamping
{
    const long WindowMs = 3_600_000;
    const int Free = 2;
    const int MostDoublings = 16;

    public static bool IsFlapping(IReadOnlyList<long> endings) => endings.Count > Free;

    /// <summary>The quiet time after which it ends, milliseconds.</summary>
    public static double QuietMs(double usualMs, IReadOnlyList<long> endings, AlertingOptions options) =>
        IsFlapping(endings)
            ? Math.Max(usualMs, Math.Min(usualMs * Math.Pow(2, Math.Min(endings.Count - Free, MostDoublings)), options.LongestQuietSeconds * 1000.0))
            : usualMs;

    public static IReadOnlyList<long> With(IReadOnlyList<long> endings, long now) => [.. endings.Where(at => now - at < WindowMs), now];

    public static IReadOnlyList<long> Within(IReadOnlyList<long> endings, long now) => endings.All(at => now - at < WindowMs) ? endings : [.. endings.Where(at => now - at < WindowMs)];
}
