using System.Diagnostics;

namespace Forewarn.Bench.Sidecar;

/// <summary>A call against the bare trips it contains, one caller at a time, microseconds.</summary>
/// <param name="P50">Of the call.</param>
/// <param name="P99">Of the call.</param>
/// <param name="BareTrips">Sum of the medians of the trips.</param>
/// <param name="Ratio">Median over the turns of call over trips.</param>
sealed record Latencies(double P50, double P99, double BareTrips, double Ratio)
{
    const int Turns = 10;

    /// <summary>Takes turns, so that a machine whose speed drifts disturbs both alike; the first turn warms up.</summary>
    public static async Task<Latencies> CompareAsync(int rounds, Func<Task> call, params Func<Task>[] trips)
    {
        var (all, bare, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var turn = 0; turn <= Turns; turn++)
        {
            var own = await TimeAsync(rounds / Turns, call);
            var sum = 0.0;
            foreach (var trip in trips)
                sum += Quantile(await TimeAsync(rounds / Turns, trip), 0.5);
            if (turn == 0)
                continue;
            all.AddRange(own);
            bare.Add(sum);
            ratios.Add(Quantile(own, 0.5) / sum);
        }
        return new Latencies(Quantile(all, 0.5), Quantile(all, 0.99), Quantile(bare, 0.5), Quantile(ratios, 0.5));
    }

    static async Task<List<double>> TimeAsync(int rounds, Func<Task> call)
    {
        var times = new List<double>(rounds);
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        return times;
    }

    static double Quantile(List<double> values, double level)
    {
        values.Sort();
        return values[Math.Min(values.Count - 1, (int)(level * values.Count))];
    }
}
