using System.Globalization;
using Forewarn.Bench.Rig;
using Forewarn.Contracts;
using Forewarn.Testing;
using Spectre.Console;

namespace Forewarn.Bench.Loop;

/// <summary>
/// Pushes a fleet through every hop on this machine: JSON door → features → forest → verdict → incident → notification,
/// with history and the dashboard's stream attached, and faults injected while it runs.
/// </summary>
static class LoopBench
{
    const double LatencyBarMs = 500;
    const double FoundBar = 0.95;

    /// <summary>The last fault still has the time in which a decision falls.</summary>
    const int LastFaultSeconds = 15;

    public static async Task<LoopResult> RunAsync(LoopSettings settings)
    {
        AnsiConsole.MarkupLine(
            $"{settings.Entities} entities x {settings.Series} series every second for {settings.Seconds} s after {settings.WarmUpSeconds} s of warm-up, everything on {Environment.ProcessorCount} cores");
        await using var platform = await Platform.StartAsync(environment: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INGESTION__HOST__ENABLED"] = "false",
            // A fault each second in one fleet is a storm, and would be told as one; here each is to be told by itself.
            ["ALERTING__STORMABOVE"] = "1000",
        });
        using var stop = new CancellationTokenSource();
        var load = new FleetLoad(platform.Door(), settings);
        var sending = load.RunAsync(stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(settings.WarmUpSeconds));

        load.StartCounting(injectFaults: true);
        var usage = new Usage(platform.Launcher.Pid);
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, settings.Seconds - LastFaultSeconds)));
        load.StopInjecting();
        await Task.Delay(TimeSpan.FromSeconds(LastFaultSeconds));
        var report = usage.Read();
        var status = await platform.TryStatusAsync();
        await stop.CancelAsync();
        await sending;
        await Task.Delay(TimeSpan.FromSeconds(5));
        status = await platform.TryStatusAsync() ?? status;

        var result = new LoopResult(
            settings, load.SamplesPerSecond, load.Refused, load.BehindSeconds,
            status?.LoopLatencyMs.P50, status?.LoopLatencyMs.P99, status?.AlertLatencyMs.P50, status?.AlertLatencyMs.P99,
            load.FaultsInjected, status?.AlertLatencyMs.Count ?? 0, report,
            status?.LoopLatencyMs.P99 <= LatencyBarMs && status?.AlertLatencyMs.P99 <= LatencyBarMs && load.Refused == 0
                && status.AlertLatencyMs.Count >= FoundBar * load.FaultsInjected);
        Print(result);
        PrintSlowest(await platform.IncidentsAsync());
        return result;
    }

    static void Print(LoopResult result)
    {
        var table = new Table().AddColumns("program", "% of one core", "MB resident");
        foreach (var program in result.Usage.Programs)
            table.AddRow(Markup.Escape(program.Name), Text(program.Cores * 100, "0.0"), Text(program.ResidentBytes / 1e6, "0"));
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine($"accepted {Text(result.SamplesPerSecond, "0")} samples/s, refused requests {result.Refused}, sender at most {Text(result.BehindSeconds, "0.00")} s behind");
        AnsiConsole.MarkupLine($"loop   p50 {Text(result.LoopP50Ms, "0")} ms, p99 {Text(result.LoopP99Ms, "0")} ms (bar {LatencyBarMs})");
        AnsiConsole.MarkupLine($"alert  p50 {Text(result.AlertP50Ms, "0")} ms, p99 {Text(result.AlertP99Ms, "0")} ms over {result.Alerts} incidents of {result.Faults} injected faults (bar {FoundBar * 100:0} %)");
        AnsiConsole.MarkupLine(result.Passed ? "[green]passed[/]" : "[red]missed[/]");
    }

    /// <summary>Where the slowest alert spent its time.</summary>
    static void PrintSlowest(IReadOnlyList<IncidentEvent> incidents)
    {
        if (incidents.MaxBy(incident => incident.Stamps.Notified - incident.Stamps.Received)?.Stamps is not { } stamps)
            return;
        AnsiConsole.MarkupLine(
            $"slowest alert: features after {stamps.Featured - stamps.Received} ms, score +{stamps.Scored - stamps.Featured} ms, "
            + $"decision +{stamps.Detected - stamps.Scored} ms, notification +{stamps.Notified - stamps.Detected} ms");
    }

    static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}

/// <summary>Size of the fleet and of the run.</summary>
sealed record LoopSettings(int Entities = 1000, int Series = 50, int WarmUpSeconds = 90, int Seconds = 60);

sealed record LoopResult(
    LoopSettings Settings, double SamplesPerSecond, int Refused, double BehindSeconds,
    double? LoopP50Ms, double? LoopP99Ms, double? AlertP50Ms, double? AlertP99Ms,
    int Faults, int Alerts, UsageReport Usage, bool Passed);
