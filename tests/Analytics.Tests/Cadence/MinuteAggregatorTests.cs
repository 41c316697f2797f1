namespace Forewarn.Analytics.Tests.Cadence;

public sealed class MinuteAggregatorTests
{
    [Fact]
    public void A_minute_ends_with_the_first_tick_of_a_later_one()
    {
        var aggregator = new MinuteAggregator(3);
        var means = new double[3];
        for (var second = 0; second < 60; second++)
        {
            aggregator.Add(120_000 + (second * 1000), [second, second % 2 == 0 ? 10 : double.NaN, double.NaN], means, out _).ShouldBeFalse();
        }

        aggregator = Copy(aggregator);
        aggregator.Add(180_500, [7, 7, 7], means, out var start).ShouldBeTrue();
        start.ShouldBe(120_000);
        means[0].ShouldBe(29.5);
        means[1].ShouldBe(10);
        means[2].ShouldBe(double.NaN);
    }

    [Fact]
    public void Late_ticks_and_empty_minutes_do_no_harm()
    {
        var aggregator = new MinuteAggregator(1);
        var means = new double[2];
        aggregator.Add(60_000, [1], means, out _).ShouldBeFalse();
        aggregator.Add(10_000, [99], means, out _).ShouldBeFalse();
        aggregator.Grow(2);
        aggregator.Add(600_000, [5, 6], means, out var start).ShouldBeTrue();
        start.ShouldBe(60_000);
        means[0].ShouldBe(1);
        means[1].ShouldBe(double.NaN);
        aggregator.Add(-30_000, [5, 6], means, out _).ShouldBeFalse();
    }

    [Fact]
    public void More_values_than_series_are_refused() =>
        Should.Throw<ArgumentException>(() => new MinuteAggregator(1).Add(0, [1, 2], new double[2], out _)).Message.ShouldContain("Grow");

    static MinuteAggregator Copy(MinuteAggregator aggregator)
    {
        var stream = new MemoryStream();
        aggregator.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return MinuteAggregator.Read(new BinaryReader(stream));
    }
}
