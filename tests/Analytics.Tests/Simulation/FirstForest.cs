using Forewarn.Analytics;

namespace Forewarn.Testing;

/// <summary>A forest grown on four fifths of generated normal behaviour, calibrated on the rest: the trainer's first model, quickly.</summary>
sealed class FirstForest
{
    static readonly Lazy<FirstForest> Default = new(() => new FirstForest(seed: 1));

    public FirstForest(int seed)
    {
        var set = NormalBehaviour.FirstTrainingRows(seed);
        Rows = set.RowCount * 4 / 5;
        TrainingRows = set.Rows[..(Rows * set.Features)];
        Forest = IsolationForest.Train(set.Rows.AsSpan(0, Rows * set.Features), Rows, set.Features, new ForestOptions { Seed = seed });
        var scores = new float[set.RowCount - Rows];
        for (var i = 0; i < scores.Length; i++)
        {
            var row = set.Row(Rows + i);
            scores[i] = Strangeness.Of(Forest.Score(row), row);
        }
        Prior = CalibrationPrior.FromScores(scores);
    }

    public static FirstForest Shared => Default.Value;

    /// <summary>Rows it was grown on.</summary>
    public int Rows { get; }

    /// <summary>These, row-major.</summary>
    public float[] TrainingRows { get; }
    public IsolationForest Forest { get; }
    public CalibrationPrior Prior { get; }
}
