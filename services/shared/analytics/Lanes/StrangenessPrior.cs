namespace Forewarn.Analytics;

/// <summary>What strangeness is like before a metric has a past of its own: pooled over unlabelled series of many kinds.</summary>
static class StrangenessPrior
{
    public static CalibrationPrior Value { get; } =
        new([0.0f, 0.01f, 0.02f, 0.025f, 0.035f, 0.064f, 0.115f, 0.183f, 0.24f, 0.327f, 0.4f, 0.494f, 0.701f], 0.35, 10_000);
}
