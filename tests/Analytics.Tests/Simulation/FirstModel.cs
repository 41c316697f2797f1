using Forewarn.Analytics;

namespace Forewarn.Testing;

/// <summary>A model's score.</summary>
delegate float RowScore(ReadOnlySpan<float> row);

/// <summary>A first model of any kind, made from the same generated rows as <see cref="FirstForest"/>, with its calibration.</summary>
sealed record FirstModel(string Kind, RowScore Score, CalibrationPrior Prior)
{
    static readonly Lazy<FirstModel> Taught = new(() => Teach(seed: 1, new AutoencoderOptions()));

    public static FirstModel Forest { get; } = new("isolation-forest", FirstForest.Shared.Forest.Score, FirstForest.Shared.Prior);

    public static FirstModel Autoencoder => Taught.Value;

    public static FirstModel Of(string kind) => kind == Forest.Kind ? Forest : Autoencoder;

    public static FirstModel Teach(int seed, AutoencoderOptions options)
    {
        var set = NormalBehaviour.FirstTrainingRows(seed);
        var taught = set.RowCount * 4 / 5;
        var autoencoder = Analytics.Autoencoder.Train(set.Rows.AsSpan(0, taught * set.Features), taught, set.Features, options);
        var scores = new float[set.RowCount - taught];
        for (var i = 0; i < scores.Length; i++)
        {
            var row = set.Row(taught + i);
            scores[i] = Strangeness.Of(autoencoder.Score(row), row);
        }

        return new FirstModel("autoencoder", autoencoder.Score, CalibrationPrior.FromScores(scores));
    }
}
