namespace Forewarn.Analytics;

/// <summary>What strangeness is like before a metric has a past of its own: pooled over unlabelled series of many kinds.</summary>
static class StrangenessPrior
{
    /// <summary>
    /// Shape of its tail: a new extreme of the value outdoes by far what means and windows say. Of 0.15 to 0.4 by hand, on simulated normal days, one with which p is true
    /// at 1 in 4,000.
    /// </summary>
    public const double TailShape = 0.35;

    public static CalibrationPrior Value { get; } =
        new([0.0f, 0.01f, 0.02f, 0.025f, 0.035f, 0.064f, 0.115f, 0.183f, 0.24f, 0.327f, 0.4f, 0.494f, 0.701f], 0.35, 10_000);
}
