using Forewarn.Analytics;

namespace Forewarn.Testing;

/// <summary>A model's score.</summary>
delegate float RowScore(ReadOnlySpan<float> row);

/// <summary>A first model of any kind, made from the same generated rows as <see cref="FirstForest"/>, with its calibration.</summary>
sealed record FirstModel(string Kind, RowScore Score, CalibrationPrior Prior)
{
    static readonly Lazy<FirstModel> Taught = new(() => Teach(seed: 1, new AutoencoderOptions()));
    static readonly Lazy<FirstModel> Counted = new(() => Count(seed: 1, new HalfSpaceOptions()));

    public static FirstModel Forest { get; } = new("isolation-forest", FirstForest.Shared.Forest.Score, FirstForest.Shared.Prior);

    public static FirstModel Autoencoder => Taught.Value;

    public static FirstModel HalfSpaces => Counted.Value;

    /// <summary>A scorer for an entity of its own, where the kind goes on learning.</summary>
    public Func<IOnlineScorer>? Online { get; private init; }

    public static FirstModel Of(string kind) => kind == Forest.Kind ? Forest : kind == HalfSpaces.Kind ? HalfSpaces : Autoencoder;

    public static FirstModel Count(int seed, HalfSpaceOptions options)
    {
        var set = NormalBehaviour.FirstTrainingRows(seed);
        var counted = set.RowCount * 4 / 5;
        var forest = HalfSpaceForest.Train(set.Rows.AsSpan(0, counted * set.Features), counted, set.Features, options);
        return new FirstModel("half-space-trees", forest.Score, PriorOf(set, counted, forest.Score)) { Online = () => new StreamingForest(forest) };
    }

    public static FirstModel Teach(int seed, AutoencoderOptions options)
    {
        var set = NormalBehaviour.FirstTrainingRows(seed);
        var taught = set.RowCount * 4 / 5;
        var autoencoder = Analytics.Autoencoder.Train(set.Rows.AsSpan(0, taught * set.Features), taught, set.Features, options);
        return new FirstModel("autoencoder", autoencoder.Score, PriorOf(set, taught, autoencoder.Score));
    }

    static CalibrationPrior PriorOf(TrainingRows set, int from, RowScore score)
    {
        var scores = new float[set.RowCount - from];
        for (var i = 0; i < scores.Length; i++)
        {
            var row = set.Row(from + i);
            scores[i] = Strangeness.Of(score(row), row);
        }

        return CalibrationPrior.FromScores(scores);
    }
}
