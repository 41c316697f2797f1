using System.Globalization;
using Spectre.Console;

namespace Forewarn.Simulator;

/// <summary>A table that moves, for a terminal: the first host's signals, and a line for each fault.</summary>
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
        var signals = Signals(state);
        signals.Caption($"{(state.Phase == Phase.Fault ? "[bold red]" : "[bold]")}{state.Phase.Name()}[/]{Remaining(state)}\n"
            + $"[grey]{state.Samples.ToString("N0", CultureInfo.InvariantCulture)} samples to {Markup.Escape(state.Target)}[/]");
        _live?.UpdateTarget(state.Course.Injections.Count == 0 ? signals : new Rows(signals, Faults(state)));
    }

    static Table Signals(SimulationState state)
    {
        var fleet = state.Scenario.Fleet;
        var table = new Table().RoundedBorder().Title($"[bold]{Markup.Escape(fleet.Prefix + fleet.First)}[/]{(fleet.Hosts > 1 ? $" and {fleet.Hosts - 1} more" : "")}");
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
        return table;
    }

    static Table Faults(SimulationState state)
    {
        var table = new Table().RoundedBorder().AddColumns("fault", "host", "stage", "changes in", "failure");
        foreach (var injection in state.Course.Injections)
        {
            var stage = injection.StageAt(state.T);
            var colour = stage switch { Stage.Failing => "bold red", Stage.Growing => "yellow", _ => "grey" };
            var others = injection.Entities.Count > 1 ? $" and {injection.Entities.Count - 1} more" : "";
            table.AddRow(
                Markup.Escape(injection.Fault.Name), Markup.Escape(injection.Entity) + others, $"[{colour}]{stage.Name()}[/]",
                injection.StageEnds(state.T) is { } ends ? $"{(ends - state.T) / 1000} s" : "",
                injection.FailureMs is { } failure ? $"{DateTimeOffset.FromUnixTimeMilliseconds(failure):HH:mm:ss}" : "none");
        }
        return table;
    }

    static void Bar(Table table, string name, double share)
    {
        const int Width = 24;
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * Width);
        var colour = share > 0.9 ? "red" : share > 0.75 ? "yellow" : "green";
        table.AddRow(name, $"{Number(share * 100, "0.0")} %", $"[{colour}]{new string('█', filled)}[/][grey]{new string('░', Width - filled)}[/]");
    }

    static string Remaining(SimulationState state) =>
        state.Phase != Phase.Done && state.Course.PhaseEnds(state.T) is { } ends ? $" [grey]({(ends - state.T) / 1000} s)[/]" : "";

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
