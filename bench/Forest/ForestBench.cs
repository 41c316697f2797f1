using System.Diagnostics;
using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Models;
using Spectre.Console;

namespace Forewarn.Bench.Forest;

/// <summary>
/// Trains and scores one forest three ways on the same rows: our C#, our ONNX file in ONNX Runtime, and scikit-learn when
/// Debian's python3-sklearn is installed. Medians, so that a busy machine disturbs all alike.
/// </summary>
static class ForestBench
{
    const int Trees = 100;
    const int SampleSize = 256;
    const int Batch = 1024;
    const double SingleBar = 20;
    const double BatchBar = 2;
    const double TrainBar = 1;

    /// <param name="data">Folder of labelled sets; without any, generated rows are labelled.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<ForestResult> RunAsync(string data, CancellationToken cancellationToken)
    {
        var rows = NormalBehaviour.FirstTrainingRows(seed: 1);
        var options = new ForestOptions { Trees = Trees, SampleSize = SampleSize };
        AnsiConsole.MarkupLine($"{Trees} trees x {SampleSize} rows, {rows.RowCount} rows of {rows.Features} numbers, {Environment.ProcessorCount} cores");

        var training = Median(15, () => IsolationForest.Train(rows.Rows, rows.RowCount, rows.Features, options));
        var forest = IsolationForest.Train(rows.Rows, rows.RowCount, rows.Features, options);
        using var scorer = OnnxScorer.Load(ForestGraph.Write(forest, []));
        var scores = new float[Batch];
        var next = 0;
        var ours = new ForestTimes(
            training,
            Median(4000, () => forest.Score(rows.Row(next++ % rows.RowCount))),
            Median(100, () => ScoreBatch(forest, rows, scores)) / Batch);
        var onnx = new ForestTimes(
            null,
            Median(4000, () => scorer.Score(rows.Row(next++ % rows.RowCount), 1, scores)),
            Median(100, () => scorer.Score(rows.Rows.AsSpan(0, Batch * rows.Features), Batch, scores)) / Batch);
        var peer = await SklearnPeer.MeasureAsync(rows, Trees, SampleSize, Batch, cancellationToken);

        var quality = peer is null ? null : await ForestQuality.RunAsync(data, Trees, SampleSize, cancellationToken);
        var result = new ForestResult(ours, onnx, peer?.Times, peer?.Version, quality, Passed: Holds(ours, onnx, peer?.Times) && quality?.Passed != false);
        Print(result);
        return result;
    }

    static bool Holds(ForestTimes ours, ForestTimes onnx, ForestTimes? peer) => peer is null
        || (peer.SingleRowMicroseconds >= SingleBar * onnx.SingleRowMicroseconds
            && peer.BatchRowMicroseconds >= BatchBar * onnx.BatchRowMicroseconds
            && peer.TrainMicroseconds > TrainBar * ours.TrainMicroseconds);

    static void ScoreBatch(IsolationForest forest, TrainingRows rows, float[] scores)
    {
        for (var i = 0; i < Batch; i++)
            scores[i] = forest.Score(rows.Row(i));
    }

    static double Median(int rounds, Action action)
    {
        var times = new double[rounds];
        for (var round = -rounds / 4; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            if (round >= 0)
                times[round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        Array.Sort(times);
        return times[rounds / 2];
    }

    static void Print(ForestResult result)
    {
        var table = new Table().AddColumns("", "train ms", "one row µs", $"row in {Batch} µs");
        Add(table, "C#", result.CSharp);
        Add(table, "ONNX Runtime", result.Onnx);
        if (result.Sklearn is { } peer)
        {
            Add(table, $"scikit-learn {result.SklearnVersion}", peer);
            table.AddRow(
                "[bold]times faster[/]", Ratio(peer.TrainMicroseconds, result.CSharp.TrainMicroseconds, TrainBar),
                Ratio(peer.SingleRowMicroseconds, result.Onnx.SingleRowMicroseconds, SingleBar),
                Ratio(peer.BatchRowMicroseconds, result.Onnx.BatchRowMicroseconds, BatchBar));
        }
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(result.Sklearn is null
            ? "[yellow]not judged[/]: no scikit-learn to compare with; on Debian: apt-get install python3-sklearn"
            : result.Passed ? "[green]passed[/]" : "[red]missed[/]");
    }

    static void Add(Table table, string name, ForestTimes times) => table.AddRow(
        Markup.Escape(name), Text(times.TrainMicroseconds / 1000, "0.0"), Text(times.SingleRowMicroseconds, "0.0"), Text(times.BatchRowMicroseconds, "0.00"));

    static string Ratio(double? peer, double? ours, double bar) => $"{Text(peer / ours, "0.0")} (bar {Text(bar, "0")})";

    static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}

/// <summary>Medians.</summary>
/// <param name="TrainMicroseconds">One forest; null where nothing is trained.</param>
/// <param name="SingleRowMicroseconds">One row in one call.</param>
/// <param name="BatchRowMicroseconds">One row of a large batch.</param>
sealed record ForestTimes(double? TrainMicroseconds, double SingleRowMicroseconds, double BatchRowMicroseconds);

sealed record ForestResult(ForestTimes CSharp, ForestTimes Onnx, ForestTimes? Sklearn, string? SklearnVersion, QualityResult? Quality, bool Passed);
