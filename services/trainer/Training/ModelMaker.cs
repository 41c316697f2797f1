using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>
/// What happens to a model of any kind that serves every entity: calibrate on rows unseen, export, and prove that the file scores as the model in
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
        var draft = new ModelDraft
        {
            Kind = kind,
            Group = ModelGroups.Any,
            RowSpec = RowSpec.Version,
            FeatureNames = RowSpec.Names,
            Training = set.Record with { Settings = model.Settings },
            Prior = CalibrationPrior.FromScores(heldOutScores),
            Reference = ReferenceHistogram.FromRows(set.Rows, RowSpec.Count),
            Own = model.Metadata,
        };
        var onnx = model.ToOnnx(draft.Metadata());
        return draft.Finish(onnx, Metrics(Difference(model, onnx, set), heldOutScores), createdAt, parent);
    }

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
}
