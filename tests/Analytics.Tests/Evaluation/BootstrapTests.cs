namespace Forewarn.Analytics.Tests.Evaluation;

public sealed class BootstrapTests
{
    static readonly double[] Values = [.. Enumerable.Range(0, 50).Select(i => (double)i)];

    [Fact]
    public void The_interval_of_a_mean_is_near_the_normal_one()
    {
        var interval = Bootstrap.Interval95(50, weights => Bootstrap.Mean(Values, weights), resamples: 2000);
        var half = 1.96 * Math.Sqrt((50 * 50 - 1) / 12.0 / 50);
        interval.Low.ShouldBe(24.5 - half, 0.6);
        interval.High.ShouldBe(24.5 + half, 0.6);
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        var first = Bootstrap.Interval95(50, weights => Bootstrap.Mean(Values, weights));
        Bootstrap.Interval95(50, weights => Bootstrap.Mean(Values, weights)).ShouldBe(first);
        Bootstrap.Interval95(50, weights => Bootstrap.Mean(Values, weights), seed: 2).ShouldNotBe(first);
    }

    [Fact]
    public void Series_without_a_value_are_left_out()
    {
        Bootstrap.Mean([double.NaN, 4, 2], [3, 1, 1]).ShouldBe(3);
        Bootstrap.Mean([double.NaN], [1]).ShouldBe(double.NaN);
        Bootstrap.Interval95(1, _ => double.NaN).Low.ShouldBe(double.NaN);
    }
}
