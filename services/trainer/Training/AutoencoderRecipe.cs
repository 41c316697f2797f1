using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>Rows to an autoencoder.</summary>
sealed class AutoencoderRecipe(TrainerOptions options) : IModelRecipe
{
    public const string Name = "autoencoder";

    public string Kind => Name;

    public string Step(int rows) => string.Create(CultureInfo.InvariantCulture, $"teaching an autoencoder from {rows} rows, at most {options.Epochs} times");

    public ITrainedScorer Train(float[] rows, Action<double> progress)
    {
        var shape = new AutoencoderOptions { Epochs = options.Epochs, Seed = options.Seed };
        var autoencoder = Autoencoder.Train(
            rows, rows.Length / RowSpec.Count, RowSpec.Count, shape, epochs => progress((double)epochs / options.Epochs));
        return new Trained(autoencoder, shape);
    }

    sealed class Trained(Autoencoder autoencoder, AutoencoderOptions shape) : ITrainedScorer
    {
        public IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["hidden"] = shape.Hidden,
            ["bottleneck"] = shape.Bottleneck,
            ["epochs"] = autoencoder.Epochs,
        };

        public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; } =
        [
            new("widths", string.Join(' ', autoencoder.Layers.Select(layer => layer.Inputs).Append(autoencoder.Features))),
            new("epochs", autoencoder.Epochs.ToString(CultureInfo.InvariantCulture)),
            new("usual_error", autoencoder.UsualError.ToString(CultureInfo.InvariantCulture)),
        ];

        public float Score(ReadOnlySpan<float> row) => autoencoder.Score(row);

        public byte[] ToOnnx(IReadOnlyList<KeyValuePair<string, string>> metadata) => AutoencoderGraph.Write(autoencoder, metadata);
    }
}
