using System.Globalization;
using Spectre.Console;

namespace Forewarn.Simulator;

/// <summary>A table that moves, for a terminal.</summary>
sealed class LiveView(IAnsiConsole console) : ISimulationView
{
    LiveDisplayContext? _live;

    public Task RunAsync(Func<Task> simulation) => console.Live(new Markup("[grey]connecting[/]")).StartAsync(async live =>
    {
        _live = live;
        await simulation();
    });

    public void Show(SimulationState state)
    {
        var table = new Table().RoundedBorder().Title($"[bold]{Markup.Escape(state.Plan.Entity)}[/]{(state.Plan.Entities > 1 ? $" and {state.Plan.Entities - 1} more" : "")}");
        table.AddColumn("signal").AddColumn(new TableColumn("now").RightAligned()).AddColumn("");
        var reading = state.Reading;
        if (state.Phase != Phase.Done)
        {
            Bar(table, "cpu", reading.Cpu);
            Bar(table, "memory", reading.Memory);
            Bar(table, "disk /data", reading.Disk);
            table.AddRow("load (1 min)", Number(reading.Load1, "0.00"), "");
            table.AddRow("requests", $"{Number(reading.Rate, "0")}/s", "");
            table.AddRow("latency p50 / p99", $"{Number(reading.P50 * 1000, "0.0")} / {Number(reading.P99 * 1000, "0.0")} ms", "");
        }
        table.Caption($"{Colour(state.Phase, Markup.Escape(PhaseNames.Describe(state)))}{Remaining(state)}\n[grey]{state.Samples.ToString("N0", CultureInfo.InvariantCulture)} samples to {Markup.Escape(state.Plan.Ingest.ToString())}[/]");
        _live?.UpdateTarget(table);
    }

    static void Bar(Table table, string name, double share)
    {
        const int Width = 24;
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * Width);
        var colour = share > 0.9 ? "red" : share > 0.75 ? "yellow" : "green";
        table.AddRow(name, $"{Number(share * 100, "0.0")} %", $"[{colour}]{new string('█', filled)}[/][grey]{new string('░', Width - filled)}[/]");
    }

    static string Remaining(SimulationState state) =>
        state.Phase != Phase.Done && state.Schedule.PhaseEnds(state.T) is { } ends ? $" [grey]({(ends - state.T) / 1000} s)[/]" : "";

    static string Colour(Phase phase, string text) => phase == Phase.Fault ? $"[bold red]{text}[/]" : text;

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
