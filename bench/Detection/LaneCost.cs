using Forewarn.Analytics;
using Forewarn.Bench.Rig;

namespace Forewarn.Bench.Detection;

/// <summary>What a point costs the lane of a metric, and its neighbour search against looking at every lag anew.</summary>
static class LaneCost
{
    const int Lags = MetricLane.DefaultLags;
    const int Points = 500;
    const int Rounds = 40;

    public static IReadOnlyList<SearchResult> MeasureSearch() => [.. new[] { 5, 20 }.Select(Search)];

    /// <summary>Microseconds of processor time for a point of a whole lane.</summary>
    public static double MeasureLane()
    {
        var (lane, values, clock, at) = (new MetricLane(), new Values(), new Clock(), 0L);
        for (; at < 2 * Lags; at++)
            lane.Take(at * 1000, values.Next());
        for (var round = -Rounds / 4; round < Rounds; round++)
        {
            clock.Time(round, () =>
            {
                for (var i = 0; i < Points; i++)
                    lane.Take(at++ * 1000, values.Next());
            });
        }
        return clock.Median / Points;
    }

    static SearchResult Search(int window)
    {
        var (values, history) = (new Values(), new LagHistory(Lags, window));
        var search = new LagWindows(history, window);
        for (var i = 0; i < 2 * Lags; i++)
            Push();
        Clock ours = new(), naive = new();
        for (var round = -Rounds / 4; round < Rounds; round++)
        {
            ours.Time(round, () =>
            {
                for (var i = 0; i < Points; i++)
                    Push();
            });
            naive.Time(round, () =>
            {
                for (var i = 0; i < Points; i++)
                    Naive(history.Values, window);
            });
            var difference = Math.Abs(Push() - Naive(history.Values, window));
            if (difference > 1e-6)
                throw new InvalidOperationException($"The searches differ by {difference} in a window of {window}.");
        }
        return new SearchResult(window, ours.Median / Points, naive.Median / Points, naive.RatioTo(ours));

        double Push()
        {
            history.Push(values.Next());
            return search.Take();
        }
    }

    static double Naive(ReadOnlySpan<double> values, int window)
    {
        var (first, second, third) = (double.MaxValue, double.MaxValue, double.MaxValue);
        for (var lag = window; lag <= Lags; lag++)
        {
            double squared = 0;
            for (var i = 0; i < window; i++)
                squared += (values[i] - values[lag + i]) * (values[i] - values[lag + i]);
            if (squared < first)
                (first, second, third) = (squared, first, second);
            else if (squared < second)
                (second, third) = (squared, second);
            else if (squared < third)
                third = squared;
        }
        return (Math.Sqrt(first) + Math.Sqrt(second) + Math.Sqrt(third)) / 3;
    }

    sealed class Values
    {
        readonly SeededRandom _random = new(1);
        int _tick;

        public double Next() => 50 + (10 * Math.Sin(_tick++ / 40.0)) + _random.NextGaussian();
    }
}

/// <summary>Microseconds of processor time for a point, medians.</summary>
/// <param name="Window">Points of a window.</param>
/// <param name="Ours">Each lag moved on by a point.</param>
/// <param name="Naive">Each lag summed up anew.</param>
/// <param name="TimesFaster">Median of the rounds' ratios.</param>
sealed record SearchResult(int Window, double Ours, double Naive, double TimesFaster);
