using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>A model ready to be stored.</summary>
sealed record TrainedModel(ModelManifest Manifest, byte[] Onnx);

/// <summary>
/// Rows to an Isolation Forest in ONNX: grow, calibrate on rows unseen, export, and prove that the file scores as the
/// forest does. The same rows and options give the same file.
/// </summary>
static class ForestRecipe
{
    public const string Kind = "isolation-forest";

    /// <summary>Largest difference between the file and the forest that is published.</summary>
    public const float MaxDifference = 1e-5f;

    const int ProofRows = 4096;

    /// <summary>The forest of all rows.</summary>
    public static IsolationForest Grow(TrainingSet set, TrainerOptions options) => Grow(set.Rows, options);

    /// <summary>
    /// Strangeness of every row by a forest that has not seen its fold (cross-conformal calibration, Vovk 2015): all rows calibrate
    /// and none is lost to the forest, so the tail rests on five times as many scores.
    /// </summary>
    public static float[] HeldOutScores(TrainingSet set, TrainerOptions options)
    {
        var scores = new float[set.RowCount];
        Parallel.For(0, set.FoldEnds.Count, fold =>
        {
            var others = Grow(set.Without(fold), options);
            var (start, end) = set.Fold(fold);
            for (var i = start; i < end; i++)
            {
                var row = set.Rows.AsSpan(i * RowSpec.Count, RowSpec.Count);
                scores[i] = Strangeness.Of(others.Score(row), row);
            }
        });
        return scores;
    }

    /// <exception cref="ModelRefusedException">The file does not load, or scores otherwise than the forest.</exception>
    public static TrainedModel Export(IsolationForest forest, TrainingSet set, float[] heldOutScores, long createdAt, string? parent)
    {
        var prior = CalibrationPrior.FromScores(heldOutScores);
        var training = set.Record with { Trees = forest.Trees.Count, SampleSize = forest.SampleSize };
        var onnx = ForestGraph.Write(forest, Metadata(training, forest, prior));
        var difference = Difference(forest, onnx, set);
        var sha256 = ModelManifest.Sha256Of(onnx);
        var version = ModelManifest.VersionOf(sha256);
        var manifest = new ModelManifest
        {
            Version = version,
            Sha256 = sha256,
            SizeBytes = onnx.Length,
            Parts = ModelStore.PartsOf(version, onnx.Length),
            Kind = Kind,
            Group = ModelGroups.Any,
            FeatureSpec = FeatureSpec.Version,
            RowSpec = RowSpec.Version,
            FeatureNames = RowSpec.Names,
            Training = training,
            Prior = prior,
            Metrics = Metrics(difference, heldOutScores),
            Parent = parent,
            CreatedAt = createdAt,
            CodeVersion = CodeVersion,
        };
        return new TrainedModel(manifest, onnx);
    }

    static string CodeVersion { get; } =
        typeof(ForestRecipe).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    // No wall clock, no parent, no code version: what is in the file decides its version.
    static KeyValuePair<string, string>[] Metadata(TrainingRecord training, IsolationForest forest, CalibrationPrior prior) =>
    [
        new("schema_version", "1"),
        new("kind", Kind),
        new("feature_spec", FeatureSpec.Version),
        new("row_spec", RowSpec.Version),
        new("feature_names", JsonSerializer.Serialize([.. RowSpec.Names], RegistryJson.Default.StringArray)),
        new("feature_order_hash", ContentHash.Of(string.Join('\n', RowSpec.Names))),
        new("trees", Text(training.Trees)),
        new("psi", Text(training.SampleSize)),
        new("c_psi", Text(forest.Normaliser)),
        new("trained_on", training.Source),
        new("n_rows", Text(training.Rows)),
        new("train_start", training.From is { } from ? Text(from) : ""),
        new("train_end", training.To is { } to ? Text(to) : ""),
        new("data_hash", training.DataHash ?? ""),
        new("seed", Text(training.Seed)),
        new("calibration_levels", string.Join(' ', CalibrationPrior.Levels.Select(level => Text(level)))),
        new("calibration_quantiles", string.Join(' ', prior.Quantiles.Select(quantile => Text(quantile)))),
    ];

    /// <summary>Largest difference between the file and the forest, on rows it was grown from and on rows it has never seen.</summary>
    /// <exception cref="ModelRefusedException">It is too large, or the file does not load.</exception>
    internal static float Difference(IsolationForest forest, byte[] onnx, TrainingSet set)
    {
        using var scorer = OnnxScorer.Load(onnx);
        var count = Math.Min(ProofRows, set.RowCount);
        var worst = 0f;
        foreach (var stretch in (ReadOnlySpan<float>)[1f, 1.37f])
        {
            var rows = set.Rows.AsSpan(0, count * RowSpec.Count).ToArray();
            foreach (ref var value in rows.AsSpan())
                value *= stretch;
            var scores = new float[count];
            scorer.Score(rows, count, scores);
            for (var i = 0; i < count; i++)
                worst = Math.Max(worst, Math.Abs(scores[i] - forest.Score(rows.AsSpan(i * RowSpec.Count, RowSpec.Count))));
        }
        return worst <= MaxDifference
            ? worst
            : throw new ModelRefusedException($"ONNX and C# scores differ by {worst}; at most {MaxDifference} is published. The exporter or ONNX Runtime is at fault: report it.");
    }

    static IsolationForest Grow(float[] rows, TrainerOptions options) => IsolationForest.Train(
        rows, rows.Length / RowSpec.Count, RowSpec.Count,
        new ForestOptions { Trees = options.Trees, SampleSize = options.SampleSize, Seed = options.Seed });

    static Dictionary<string, double> Metrics(float difference, float[] scores)
    {
        var sorted = scores.Order().ToArray();
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["maxAbsDiff"] = difference,
            ["heldOutRows"] = sorted.Length,
            ["heldOutMedianScore"] = sorted[sorted.Length / 2],
            ["heldOutMaxScore"] = sorted[^1],
        };
    }

    static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
