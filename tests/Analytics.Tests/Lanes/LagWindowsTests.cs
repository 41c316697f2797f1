using CsCheck;

namespace Forewarn.Analytics.Tests.Lanes;

public sealed class LagWindowsTests
{
    static readonly Gen<double[]> Values = Gen.OneOf(
        Gen.Double[-100, 100],
        Gen.Double[0, 1e6],
        Gen.Int[0, 3].Select(i => (double)i)).Array[1, 400];

    [Fact]
    public void The_nearest_windows_are_those_of_a_search_through_all() => Gen.Select(Values, Gen.Int[1, 25], Gen.Int[30, 130]).Sample(
        (values, window, lags) =>
        {
            var history = new LagHistory(lags, window);
            var windows = new LagWindows(history, window);
            for (var i = 0; i < values.Length; i++)
            {
                history.Push(values[i]);
                Close(windows.Take(), Searched(values, i, window, lags), values[..(i + 1)].Max(Math.Abs));
            }
        },
        iter: 150);

    [Fact]
    public void Half_a_million_points_with_outliers_later_the_distances_are_still_exact()
    {
        const int Lags = 200, Window = 20, Points = 500_000;
        var (history, random, values) = (new LagHistory(Lags, Window), new SeededRandom(3), new double[Points]);
        var windows = new LagWindows(history, Window);
        for (var i = 0; i < Points; i++)
        {
            // An outlier squares to what float64 cannot hold beside ordinary distances; the last is long enough ago.
            values[i] = 1e6 + random.NextGaussian() + (i % 1000 == 0 ? 1e10 : 0);
            history.Push(values[i]);
            var distance = windows.Take();
            if (i % 1000 == 999)
            {
                Close(distance, Searched(values, i, Window, Lags), largest: 1e4);
            }
        }
    }

    [Fact]
    public void Values_are_read_newest_first_however_often_the_ring_turns()
    {
        var history = new LagHistory(lags: 7, window: 3);
        for (var i = 0; i < 100; i++)
        {
            history.Push(i);
            for (var back = 0; back <= Math.Min(i, 10); back++)
            {
                history.Values[back].ShouldBe(i - back);
            }
        }
    }

    static double Searched(double[] values, int last, int window, int lags)
    {
        var distances = new List<double>();
        for (var lag = window; lag <= lags && last - lag - window + 1 >= 0; lag++)
        {
            double sum = 0;
            for (var i = 0; i < window; i++)
            {
                sum += (values[last - i] - values[last - lag - i]) * (values[last - i] - values[last - lag - i]);
            }

            distances.Add(Math.Sqrt(sum));
        }

        return distances.Count < 3 ? 0 : distances.Order().Take(3).Average();
    }

    // The squares are exact to float64, so a small distance carries the root of the rounding of the largest square of late.
    static void Close(double actual, double expected, double largest) =>
        actual.ShouldBe(expected, (1e-9 * expected) + (2e-7 * largest) + 1e-12, $"{actual:R} for {expected:R}");
}
