using Forewarn.Bench.Loop;
using Forewarn.Testing;

namespace Forewarn.Bench.Alert;

/// <summary>Latency as it is promised, by the stamps in the messages; a fault that was not told counts as infinitely late.</summary>
sealed record FaultLatency(int Injected, int Missed, double P50Ms, double P99Ms, double WorstMs)
{
    /// <summary>The last fault still has the time in which a decision falls.</summary>
    const int LastFaultSeconds = 15;

    public static async Task<FaultLatency> MeasureAsync(Platform platform, AlertSettings settings)
    {
        using var stop = new CancellationTokenSource();
        var load = new FleetLoad(platform.Door(), new LoopSettings(settings.Entities, settings.Series));
        var sending = load.RunAsync(stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(settings.WarmUpSeconds));
        load.StartCounting(injectFaults: true);
        while (load.FaultsInjected < settings.Faults)
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        load.StopInjecting();
        await Task.Delay(TimeSpan.FromSeconds(LastFaultSeconds));
        await stop.CancelAsync();
        await sending;

        var latencies = new List<double>();
        foreach (var (entity, at) in load.Faults)
        {
            var told = (await platform.IncidentsAsync(entity)).Where(incident => incident.Stamps.Notified > 0 && incident.OpenedAt >= at).MinBy(incident => incident.OpenedAt);
            latencies.Add(told is null ? double.PositiveInfinity : told.Stamps.Notified - told.Stamps.Received);
        }
        latencies.Sort();
        return new FaultLatency(
            latencies.Count, latencies.Count(double.IsInfinity), Quantiles.Of(latencies, 0.5), Quantiles.Of(latencies, 0.99), latencies.FindLast(double.IsFinite));
    }
}

static class Quantiles
{
    /// <param name="sorted">Ascending, at least one.</param>
    public static double Of(IReadOnlyList<double> sorted, double level) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(level * sorted.Count) - 1)];
}
