using Forewarn.Bench.Rig;
using Forewarn.Testing;
using Spectre.Console;

namespace Forewarn.Bench.Idle;

/// <summary>What the whole platform costs while it watches one quiet host.</summary>
static class IdleBench
{
    const double CoreBar = 0.15;
    const long MemoryBar = 1_500_000_000;

    public static async Task<IdleResult> RunAsync(int seconds)
    {
        AnsiConsole.MarkupLine("Starting the platform; measuring after it has settled for 60 s.");
        await using var platform = await Platform.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(60));
        var usage = new Usage(platform.Launcher.Pid);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var report = usage.Read();

        var table = new Table().AddColumns("program", "% of one core", "MB resident");
        foreach (var program in report.Programs)
            table.AddRow(Markup.Escape(program.Name), $"{program.Cores * 100:0.0}", $"{program.ResidentBytes / 1e6:0}");
        table.AddRow("[bold]all[/]", $"[bold]{report.Cores * 100:0.0}[/]", $"[bold]{report.ResidentBytes / 1e6:0}[/]");
        AnsiConsole.Write(table);
        var status = await platform.TryStatusAsync();
        var result = new IdleResult(
            platform.StartUp.TotalSeconds, report.Cores * 100, report.ResidentBytes / 1e6, status?.SamplesPerSecond ?? 0,
            report.Cores <= CoreBar && report.ResidentBytes <= MemoryBar, report);
        AnsiConsole.MarkupLine(
            $"ready in {result.ReadySeconds:0.0} s; {result.CpuPercent:0.0} % of one core (bar 15), {result.MemoryMB:0} MB (bar 1500), {result.SamplesPerSecond:0} samples/s: {(result.Passed ? "[green]passed[/]" : "[red]missed[/]")}");
        return result;
    }
}

sealed record IdleResult(double ReadySeconds, double CpuPercent, double MemoryMB, double SamplesPerSecond, bool Passed, UsageReport Usage);
