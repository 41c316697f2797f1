using System.Diagnostics;

namespace Forewarn.Bench.Detection;

/// <summary>Times the same work round after round; rounds below 0 only warm up.</summary>
sealed class Clock
{
    readonly List<double> _microseconds = [];

    public double Median => Middle(_microseconds);

    public void Time(int round, Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        if (round >= 0)
            _microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
    }

    /// <summary>Median of the rounds' ratios: what disturbs a round disturbs both.</summary>
    public double RatioTo(Clock other) => Middle([.. _microseconds.Zip(other._microseconds, (one, two) => one / two)]);

    static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
