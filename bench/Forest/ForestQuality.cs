using System.Globalization;
using Forewarn.Analytics;
using Spectre.Console;

namespace Forewarn.Bench.Forest;

/// <summary>Mean ROC-AUC over the seeds on one labelled set.</summary>
/// <param name="Paper">Our forest as in the paper.</param>
/// <param name="Shipped">Our forest with the stretched rows that are its default.</param>
sealed record SetQuality(string Set, double Paper, double Shipped, double Sklearn);

/// <param name="Sets">Each labelled set.</param>
/// <param name="Difference">Mean over the sets of paper less scikit-learn.</param>
sealed record QualityResult(IReadOnlyList<SetQuality> Sets, double Difference, bool Passed);

/// <summary>
/// Whether our Isolation Forest separates as well as scikit-learn's: ROC-AUC on the same labelled rows, averaged over
/// seeds, because two forests of one algorithm and different random numbers differ more than the algorithms do.
/// </summary>
static class ForestQuality
{
    const int Seeds = 10;
    const double Bar = 0.005;

    public static async Task<QualityResult> RunAsync(string folder, int trees, int sampleSize, CancellationToken cancellationToken)
    {
        var sets = new List<SetQuality>();
        foreach (var set in LabelledSet.Find(folder))
        {
            var peer = await SklearnPeer.ScoresAsync(set, trees, sampleSize, Seeds, cancellationToken);
            var options = new ForestOptions { Trees = trees, SampleSize = sampleSize };
            sets.Add(new SetQuality(
                set.Name, MeanAuc(set, options with { Stretched = 0 }), MeanAuc(set, options), peer.Average(scores => RocAuc.Of(scores, set.Strange))));
        }
        var difference = sets.Average(set => set.Paper - set.Sklearn);
        var result = new QualityResult(sets, difference, Math.Abs(difference) <= Bar);
        Print(result);
        return result;
    }

    static double MeanAuc(LabelledSet set, ForestOptions options) => Enumerable.Range(1, Seeds).Average(seed =>
    {
        var forest = IsolationForest.Train(set.Train, set.Train.Length / set.Features, set.Features, options with { Seed = seed });
        var scores = new double[set.Strange.Length];
        Parallel.For(0, scores.Length, row => scores[row] = forest.Score(set.Test.AsSpan(row * set.Features, set.Features)));
        return RocAuc.Of(scores, set.Strange);
    });

    static void Print(QualityResult result)
    {
        var table = new Table().AddColumns($"ROC-AUC, mean of {Seeds} seeds", "ours", "ours, stretched (default)", "scikit-learn");
        foreach (var set in result.Sets)
            table.AddRow(Markup.Escape(set.Set), Text(set.Paper), Text(set.Shipped), Text(set.Sklearn));
        if (result.Sets.Count > 1)
            table.AddRow("[bold]mean[/]", Text(result.Sets.Average(set => set.Paper)), Text(result.Sets.Average(set => set.Shipped)), Text(result.Sets.Average(set => set.Sklearn)));
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine($"difference {result.Difference.ToString("+0.0000;-0.0000", CultureInfo.InvariantCulture)} (bar {Bar.ToString(CultureInfo.InvariantCulture)})");
    }

    static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
