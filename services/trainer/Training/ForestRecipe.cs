using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>Rows to an Isolation Forest.</summary>
sealed class ForestRecipe(TrainerOptions options) : IModelRecipe
{
    public const string Name = "isolation-forest";

    public string Kind => Name;

    public string Step(int rows) => string.Create(CultureInfo.InvariantCulture, $"growing {options.Trees} trees from {rows} rows");

    public ITrainedScorer Train(float[] rows, Action<double> progress)
    {
        var forest = IsolationForest.Train(
            rows, rows.Length / RowSpec.Count, RowSpec.Count,
            new ForestOptions { Trees = options.Trees, SampleSize = options.SampleSize, Seed = options.Seed });
        progress(1);
        return new Trained(forest);
    }

    sealed class Trained(IsolationForest forest) : ITrainedScorer
    {
        public IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["trees"] = forest.Trees.Count,
            ["sampleSize"] = forest.SampleSize,
        };

        public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; } =
        [
            new("trees", forest.Trees.Count.ToString(CultureInfo.InvariantCulture)),
            new("psi", forest.SampleSize.ToString(CultureInfo.InvariantCulture)),
            new("c_psi", forest.Normaliser.ToString(CultureInfo.InvariantCulture)),
        ];

        public float Score(ReadOnlySpan<float> row) => forest.Score(row);

        public byte[] ToOnnx(IReadOnlyList<KeyValuePair<string, string>> metadata) => ForestGraph.Write(forest, metadata);
    }
}
