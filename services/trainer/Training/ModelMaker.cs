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
/// What happens to a model of any kind: calibrate on rows unseen, export, and prove that the file scores as the model in
/// C# does. The same rows and settings give the same file.
/// </summary>
static class ModelMaker
{
    /// <summary>Largest difference between the file and the model in C# that is published.</summary>
    public const float MaxDifference = 1e-5f;

    const int ProofRows = 4096;

    /// <summary>
    /// Strangeness of every row by a model that has not seen its fold (cross-conformal calibration, Vovk 2015): all rows calibrate
    /// and none is lost to the model, so the tail rests on five times as many scores.
    /// </summary>
    /// <param name="set">Rows in folds.</param>
    /// <param name="recipe">Trains one model for each fold.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    public static float[] HeldOutScores(TrainingSet set, IModelRecipe recipe, Action<double> progress)
    {
        var scores = new float[set.RowCount + set.LessonCount];
        var shares = new double[set.FoldEnds.Count];
        Parallel.For(0, set.FoldEnds.Count, fold =>
        {
            var others = recipe.Train(set.Without(fold), share =>
            {
                shares[fold] = share;
                progress(shares.Average());
            });
            var (start, end) = set.Fold(fold);
            for (var i = start; i < end; i++)
            {
                var row = set.Rows.AsSpan(i * RowSpec.Count, RowSpec.Count);
                scores[i] = Strangeness.Of(others.Score(row), row);
            }
            for (var i = fold; i < set.LessonCount; i += set.FoldEnds.Count)
            {
                var row = set.Lessons.AsSpan(i * RowSpec.Count, RowSpec.Count);
                scores[set.RowCount + i] = Strangeness.Of(others.Score(row), row);
            }
        });
        return scores;
    }

    /// <exception cref="ModelRefusedException">The file does not load, or scores otherwise than the model in C#.</exception>
    public static TrainedModel Export(string kind, ITrainedScorer model, TrainingSet set, float[] heldOutScores, long createdAt, string? parent)
    {
        var prior = CalibrationPrior.FromScores(heldOutScores);
        var training = set.Record with { Settings = model.Settings };
        var onnx = model.ToOnnx(Metadata(kind, model, training, prior));
        var difference = Difference(model, onnx, set);
        var sha256 = ModelManifest.Sha256Of(onnx);
        var version = ModelManifest.VersionOf(sha256);
        var manifest = new ModelManifest
        {
            Version = version,
            Sha256 = sha256,
            SizeBytes = onnx.Length,
            Parts = ModelStore.PartsOf(version, onnx.Length),
            Kind = kind,
            Group = ModelGroups.Any,
            FeatureSpec = FeatureSpec.Version,
            RowSpec = RowSpec.Version,
            FeatureNames = RowSpec.Names,
            Training = training,
            Prior = prior,
            Reference = ReferenceHistogram.FromRows(set.Rows, RowSpec.Count),
            Metrics = Metrics(difference, heldOutScores),
            Parent = parent,
            CreatedAt = createdAt,
            CodeVersion = CodeVersion,
        };
        return new TrainedModel(manifest, onnx);
    }

    static string CodeVersion { get; } =
        typeof(ModelMaker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    // No wall clock, no parent, no code version: what is in the file decides its version.
    static KeyValuePair<string, string>[] Metadata(string kind, ITrainedScorer model, TrainingRecord training, CalibrationPrior prior) =>
    [
        new("schema_version", "1"),
        new("kind", kind),
        new("feature_spec", FeatureSpec.Version),
        new("row_spec", RowSpec.Version),
        new("feature_names", JsonSerializer.Serialize([.. RowSpec.Names], RegistryJson.Default.StringArray)),
        new("feature_order_hash", ContentHash.Of(string.Join('\n', RowSpec.Names))),
        .. model.Metadata,
        new("trained_on", training.Source),
        new("n_rows", Text(training.Rows)),
        new("train_start", training.From is { } from ? Text(from) : ""),
        new("train_end", training.To is { } to ? Text(to) : ""),
        new("data_hash", training.DataHash ?? ""),
        new("seed", Text(training.Seed)),
        new("calibration_levels", string.Join(' ', CalibrationPrior.Levels.Select(level => Text(level)))),
        new("calibration_quantiles", string.Join(' ', prior.Quantiles.Select(quantile => Text(quantile)))),
    ];

    /// <summary>Largest difference between the file and the model in C#, on rows it was trained on and on rows it has never seen.</summary>
    /// <exception cref="ModelRefusedException">It is too large, or the file does not load.</exception>
    internal static float Difference(ITrainedScorer model, byte[] onnx, TrainingSet set)
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
            {
                var difference = Math.Abs(scores[i] - model.Score(rows.AsSpan(i * RowSpec.Count, RowSpec.Count)));
                worst = float.IsNaN(difference) ? float.PositiveInfinity : Math.Max(worst, difference);
            }
        }
        return worst <= MaxDifference
            ? worst
            : throw new ModelRefusedException($"ONNX and C# scores differ by {worst}; at most {MaxDifference} is published. The exporter or ONNX Runtime is at fault: report it.");
    }

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
