using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// Whether a joint model's file scores as the model in C# does: rows of its entities go through both, as they are and
/// shaken, and each energy, each expectation and each score is compared. Shaken rows are beyond what training saw, and
/// move metrics that never moved. Give it rows of training, evenly from all entities: a number that none of them reads,
/// such as a reference that is nobody's neighbour, is not proven. Not thread-safe.
/// </summary>
/// <remarks>
/// Both sides have the same constants and differ in the order of float32 sums only. That is about 1e-6 of an energy, and in
/// single rows it decides which way a branch of the forest takes. Measured over the training and test rows of the 25 machines
/// of the labelled sets, 38 or 19 metrics each: of the rows of a machine at most 5 in 10,000 differed by more than
/// <see cref="Near"/>, the farthest by 0.015, and no metric by more than 3e-4. The limits leave some times as much, and
/// are small against the score of 6 that an alarm needs.
/// </remarks>
public sealed class JointProof
{
    /// <summary>Scores that differ by no more are the same.</summary>
    public const float Near = 1e-4f;

    /// <summary>Share of rows whose scores may differ by more, besides one row.</summary>
    public const double FarShare = 1e-3;

    /// <summary>No score may differ by more.</summary>
    public const float Farthest = 0.1f;

    /// <summary>No metric's energy, and no scaled expectation, may differ by more.</summary>
    public const float FarthestMetric = 2e-3f;

    const int Batch = 64;

    // Rows are shaken by a power of ten of this to 0: tails rise within a hundredth for what never moved, and end soon after.
    const double FaintestShake = -3;

    readonly OnnxScorer _scorer;
    readonly GroupModel _file;
    readonly JointBatch _batch;
    readonly float[] _rows;
    readonly bool[] _present;
    readonly float[] _scores = new float[Batch];
    readonly float[] _energy;
    readonly float[] _expected;
    readonly SeededRandom _random = new(1);
    int _taken;
    int _far;
    float _score;
    float _metric;

    /// <param name="model">In C#.</param>
    /// <param name="scorer">Its graph.</param>
    /// <param name="file">What the file says beside its graph.</param>
    public JointProof(JointModel model, OnnxScorer scorer, GroupModel file)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(file);
        if (file.Metrics != model.Metrics)
            throw new ArgumentException($"The file is of {file.Metrics} metrics, the model of {model.Metrics}.", nameof(file));
        (_scorer, _file) = (scorer, file);
        _batch = new JointBatch(model, Batch);
        _rows = new float[Batch * scorer.Inputs];
        _present = new bool[Batch * model.Metrics];
        (_energy, _expected) = (new float[_present.Length], new float[_present.Length]);
    }

    /// <summary>What was found so far.</summary>
    public JointAgreement Result => new(_taken, _far, _score, _metric);

    /// <summary>Compares rows; each counts twice, as it is and shaken.</summary>
    /// <param name="entity">Whose they are; the file knows its scaling.</param>
    /// <param name="scaling">The entity's scaling in C#.</param>
    /// <param name="features">Row-major, as <see cref="JointRow"/> gathers them.</param>
    /// <exception cref="ModelRefusedException">The file has no scaling of the entity.</exception>
    public void Take(string entity, JointScaling scaling, ReadOnlySpan<float> features)
    {
        var own = _file.ScalingOf(entity) ?? throw new ModelRefusedException($"The file has no scaling of entity '{entity}'.");
        var width = _scorer.Inputs;
        for (var at = 0; at < features.Length; at += Batch * width)
        {
            var part = features[at..Math.Min(features.Length, at + (Batch * width))];
            _batch.Clear();
            for (var row = 0; row < part.Length / width; row++)
            {
                var of = part.Slice(row * width, width);
                _batch.Add(of, scaling);
                own.Apply(of, _rows.AsSpan(row * width, width), Present(row));
            }
            Compare();
            _batch.Clear();
            for (var row = 0; row < part.Length / width; row++)
            {
                var shaken = _rows.AsSpan(row * width, width);
                var most = Math.Pow(10, FaintestShake * _random.NextDouble());
                foreach (ref var value in shaken)
                    value = Math.Clamp(value + (float)(most * _random.NextGaussian()), -JointScaling.Limit, JointScaling.Limit);
                _batch.AddScaled(shaken, Present(row), scaling);
            }
            Compare();
        }
    }

    /// <summary>What was found, when it is little enough to publish the file.</summary>
    /// <exception cref="ModelRefusedException">File and model differ.</exception>
    public JointAgreement Require() => Result.Holds
        ? Result
        : throw new ModelRefusedException($"ONNX and C# differ in {_far} of {_taken} rows, by {_score} in a score and by {_metric} in a metric; at most 1 row and {FarShare:P1}, {Farthest} and {FarthestMetric} are published. The exporter or ONNX Runtime is at fault: report it.");

    Span<bool> Present(int row) => _present.AsSpan(row * _file.Metrics, _file.Metrics);

    void Compare()
    {
        _batch.Score();
        _scorer.Score(_rows.AsSpan(0, _batch.Count * _scorer.Inputs), _batch.Count, _scores, new ScoreDetails(_energy, _expected));
        for (var row = 0; row < _batch.Count; row++)
            Compare(row);
    }

    void Compare(int row)
    {
        var present = Present(row);
        var energy = _energy.AsSpan(row * _file.Metrics, _file.Metrics);
        var apart = Apart(GroupModel.ScoreOf(_scores[row], energy, present), _batch.ScoreOf(row));
        _taken++;
        _far += apart > Near ? 1 : 0;
        _score = Math.Max(_score, apart);
        var there = present.Count(true);
        for (var metric = 0; metric < present.Length; metric++)
        {
            if (!present[metric])
                continue;
            _metric = Math.Max(_metric, Apart(energy[metric], _batch.ContributionsOf(row)[metric] * there));
            _metric = Math.Max(_metric, Apart(_expected[(row * _file.Metrics) + metric], _batch.ScaledExpectedOf(row, metric)));
        }
    }

    static float Apart(float one, float other) => float.IsFinite(one - other) ? Math.Abs(one - other) : float.PositiveInfinity;
}

/// <summary>How far a joint model's file and the model in C# are apart.</summary>
/// <param name="Rows">Compared.</param>
/// <param name="Far">Of them, those whose scores differ by more than <see cref="JointProof.Near"/>.</param>
/// <param name="LargestScore">Largest difference of a score.</param>
/// <param name="LargestMetric">Largest difference of a metric's energy, or of what is expected of it as it is scaled.</param>
public sealed record JointAgreement(int Rows, int Far, float LargestScore, float LargestMetric)
{
    /// <summary>Whether the file may be published.</summary>
    public bool Holds => Rows > 0 && Far <= 1 + (Rows * JointProof.FarShare) && LargestScore <= JointProof.Farthest && LargestMetric <= JointProof.FarthestMetric;
}
