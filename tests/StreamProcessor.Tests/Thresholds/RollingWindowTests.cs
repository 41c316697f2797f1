using CsCheck;

namespace Forewarn.StreamProcessor.Tests;

public sealed class RollingWindowTests
{
    static readonly Gen<Measure> Windowed = Gen.Int[0, 3].Select(i => new[] { Measure.Mean, Measure.Min, Measure.Max, Measure.Rate }[i]);

    [Fact]
    public void It_says_what_the_values_of_its_time_say() => Gen.Select(
        Windowed, Gen.Int[2, 400], Gen.Select(Gen.Int[1, 40], Gen.Double[0, 100]).Array[1, 200]).Sample(
        (measure, overSeconds, points) =>
        {
            var window = new RollingWindow(measure, overSeconds * 1000L);
            var (t, past) = (1_772_366_400_000L, new List<(long T, double Value)>());
            foreach (var (pause, value) in points)
            {
                t += pause * 1000L;
                past.Add((t, value));
                var said = window.Take(t, value);
                var expected = t - past[0].T >= (overSeconds * 1000L) - window.StepMs ? Naive(measure, overSeconds * 1000L, window.StepMs, past) : double.NaN;
                if (double.IsNaN(expected))
                    said.ShouldBe(double.NaN);
                else
                    said.ShouldBe(expected, 1e-9 * Math.Max(1, Math.Abs(expected)));
            }
        },
        iter: 300);

    [Fact]
    public void A_counter_that_begins_again_has_grown_from_zero()
    {
        var window = new RollingWindow(Measure.Rate, 4000);
        double[] counts = [100, 110, 120, 4, 14];
        var rates = counts.Select((count, i) => window.Take(i * 1000, count)).ToList();
        rates.Take(3).ShouldAllBe(rate => double.IsNaN(rate));
        rates[3].ShouldBe((10 + 10 + 4) / 3.0);
        rates[4].ShouldBe((10 + 10 + 4 + 10) / 4.0);
    }

    [Fact]
    public void A_series_slower_than_the_window_has_the_growth_between_its_newest_two()
    {
        var window = new RollingWindow(Measure.Rate, 60_000);
        window.Take(0, 0).ShouldBe(double.NaN);
        window.Take(120_000, 240).ShouldBe(2);
        window.Take(240_000, 240).ShouldBe(0);
    }

    // What the steps hold that lie within the time: the one under way and those before it.
    static double Naive(Measure measure, long overMs, long stepMs, List<(long T, double Value)> past)
    {
        var steps = (overMs + stepMs - 1) / stepMs;
        var newest = past[^1].T / stepMs;
        var within = Enumerable.Range(0, past.Count).Where(i => past[i].T / stepMs > newest - steps).ToList();
        if (measure != Measure.Rate)
        {
            var values = within.Select(i => past[i].Value).ToList();
            return measure == Measure.Mean ? values.Average() : measure == Measure.Min ? values.Min() : values.Max();
        }
        var growths = within.Where(i => i > 0).Select(i => (Growth: past[i].Value >= past[i - 1].Value ? past[i].Value - past[i - 1].Value : past[i].Value, Ms: past[i].T - past[i - 1].T)).ToList();
        return growths.Count == 0 ? double.NaN : growths.Sum(one => one.Growth) / growths.Sum(one => one.Ms) * 1000;
    }
}
