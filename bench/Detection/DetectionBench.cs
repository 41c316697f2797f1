using System.Globalization;
using Spectre.Console;

namespace Forewarn.Bench.Detection;

/// <summary>
/// What detection costs: a tick of an entity of 38 metrics through the joint model, and a point of a metric's lane.
/// Peers run in the same rounds on the same rows, so that a busy machine disturbs all alike; bars are ratios.
/// </summary>
static class DetectionBench
{
    /// <summary>The graph may take so many times what the model takes in C#.</summary>
    const double GraphBar = 1.25;

    /// <summary>The neighbour search is so many times faster than looking at every lag anew.</summary>
    const double SearchBar = 2;

    public static DetectionResult Run()
    {
        using var world = new DetectionWorld();
        var tick = TickCost.Measure(world);
        var searches = LaneCost.MeasureSearch();
        var result = new DetectionResult(
            tick, searches, LaneCost.MeasureLane(), Passed: tick.GraphToCSharp <= GraphBar && searches.All(search => search.TimesFaster >= SearchBar));
        Print(result);
        return result;
    }

    static void Print(DetectionResult result)
    {
        var tick = result.Tick;
        AnsiConsole.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"one tick of {DetectionWorld.Metrics} metrics in a batch of {DetectionWorld.Entities}, models of {DetectionWorld.TrainingRows} rows, joint file {tick.FileBytes / 1024} KiB, {Environment.ProcessorCount} cores"));
        var table = new Table().AddColumns("", "CPU µs", "");
        table.AddRow("features of 38 series", Text(tick.Features), "");
        table.AddRow("gather and scale", Text(tick.Gather), "");
        table.AddRow("joint graph, ONNX Runtime", Text(tick.Graph), $"{Text(tick.GraphToCSharp)} times C# (bar {Text(GraphBar)}), {Text(tick.GraphToForest)} times the forest");
        table.AddRow("[bold]values to decision[/]", Text(tick.Whole), "");
        table.AddRow("joint graph, a row a run", Text(tick.GraphAlone), "");
        table.AddRow("joint model, C#", Text(tick.CSharp), "");
        table.AddRow("forest graph, ONNX Runtime", Text(tick.ForestGraph), "");
        foreach (var search in result.Searches)
            table.AddRow($"lane: neighbours of {search.Window} points", Text(search.Ours), $"{Text(search.TimesFaster)} times faster than naive, {Text(search.Naive)} µs (bar {Text(SearchBar)})");
        table.AddRow("[bold]lane: a whole point[/]", Text(result.LanePoint), "");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(result.Passed ? "[green]passed[/]" : "[red]missed[/]");
    }

    static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <param name="Tick">Of an entity.</param>
/// <param name="Searches">Of a lane's neighbours, by window.</param>
/// <param name="LanePoint">Microseconds for a point of a whole lane.</param>
/// <param name="Passed">The bars were held.</param>
sealed record DetectionResult(TickResult Tick, IReadOnlyList<SearchResult> Searches, double LanePoint, bool Passed);
