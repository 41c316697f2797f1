using System.Globalization;
using Forewarn.Testing;
using Spectre.Console;

namespace Forewarn.Bench.Alert;

/// <summary>
/// How long a warning takes, and what a flood of them does: faults injected into a fleet and told by a webhook, the way
/// from a detection to the webhook beside Prometheus' Alertmanager without its waits, and ten thousand detections at once.
/// </summary>
static class AlertBench
{
    const double P50BarMs = 100;
    const double P99BarMs = 500;
    const double WorstBarMs = 1000;
    const int MessagesBar = 20;

    public static async Task<AlertResult> RunAsync(AlertSettings settings)
    {
        await using var hooks = await HookServer.StartAsync();
        var hops = await HopsAsync(hooks);
        Print(hops);
        var faults = await FaultsAsync(settings, hooks);
        Print(faults);
        var floods = await FloodsAsync(hooks);
        Print(floods);
        var passed = faults.P50Ms <= P50BarMs && faults.P99Ms <= P99BarMs && faults.WorstMs <= WorstBarMs
            && floods.All(flood => flood.Incidents == 1 && flood.Messages <= MessagesBar);
        AnsiConsole.MarkupLine(passed ? "[green]passed[/]" : "[red]missed[/]");
        return new AlertResult(faults, hops, floods, passed);
    }

    static async Task<FaultLatency> FaultsAsync(AlertSettings settings, HookServer hooks)
    {
        AnsiConsole.MarkupLine($"{settings.Faults} faults, one a second, in {settings.Entities} entities x {settings.Series} series after {settings.WarmUpSeconds} s of warm-up");
        await using var platform = await AlertPlatform.StartAsync(hooks, stormAbove: 1000);
        return await FaultLatency.MeasureAsync(platform, settings);
    }

    static async Task<HopLatency> HopsAsync(HookServer hooks)
    {
        await using var platform = await AlertPlatform.StartAsync(hooks, stormAbove: 1000);
        return await HopLatency.MeasureAsync(platform, hooks);
    }

    static async Task<IReadOnlyList<FloodResult>> FloodsAsync(HookServer hooks)
    {
        await using var platform = await AlertPlatform.StartAsync(hooks, stormAbove: null);
        return [await Flood.OfOneAsync(platform, hooks), await Flood.OfManyAsync(platform, hooks)];
    }

    static void Print(FaultLatency faults) => AnsiConsole.MarkupLine(
        $"alert  p50 {Text(faults.P50Ms)} ms (bar {P50BarMs}), p99 {Text(faults.P99Ms)} ms (bar {P99BarMs}), worst {Text(faults.WorstMs)} ms (bar {WorstBarMs}), "
        + $"over {faults.Injected} injected faults, {faults.Missed} of them not told; from ingestion receiving the deciding tick to the webhook's answer being kept");

    static void Print(HopLatency hops)
    {
        AnsiConsole.MarkupLine($"hop    p50 {Text(hops.P50Ms)} ms, p99 {Text(hops.P99Ms)} ms from publishing a detection to the webhook, over {hops.Count}");
        AnsiConsole.MarkupLine(hops.Peer is { } peer
            ? $"peer   p50 {Text(peer.P50Ms)} ms, p99 {Text(peer.P99Ms)} ms from POST to the webhook of Alertmanager {peer.Version} with group_wait 0s, over {peer.Count}; its default waits 30 s; ratio {Text(hops.P50Ms / peer.P50Ms, "0.00")}"
            : "peer   no Alertmanager on this machine");
    }

    static void Print(IReadOnlyList<FloodResult> floods)
    {
        foreach (var flood in floods)
        {
            AnsiConsole.MarkupLine(
                $"flood  {flood.Detections} detections on {flood.Entities} entities within {Text(flood.PublishMs)} ms: {flood.Incidents} incident(s) of which {flood.Storms} storm(s), "
                + $"{flood.Messages} message(s) (bar {MessagesBar}), the first after {Text(flood.FirstMessageMs)} ms, all taken in after {Text(flood.DrainedMs)} ms");
        }
    }

    static string Text(double value, string format = "0") => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>Size of the fleet and of the run.</summary>
sealed record AlertSettings(int Entities = 250, int Series = 20, int WarmUpSeconds = 90, int Faults = 200);

sealed record AlertResult(FaultLatency Faults, HopLatency Hops, IReadOnlyList<FloodResult> Floods, bool Passed);
