using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>Rows to half-space trees, which each entity then goes on teaching with its own ticks.</summary>
sealed class HalfSpaceRecipe(TrainerOptions options) : IModelRecipe
{
    public const string Name = "half-space-trees";

    public string Kind => Name;

    public string Step(int rows) => string.Create(CultureInfo.InvariantCulture, $"counting {rows} rows in half-space trees");

    public ITrainedScorer Train(float[] rows, Action<double> progress)
    {
        var forest = HalfSpaceForest.Train(rows, rows.Length / RowSpec.Count, RowSpec.Count, new HalfSpaceOptions { Window = options.WindowTicks, Seed = options.Seed });
        progress(1);
        return new Trained(forest);
    }

    sealed class Trained(HalfSpaceForest forest) : ITrainedScorer
    {
        public IReadOnlyDictionary<string, double> Settings { get; } = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["trees"] = forest.Trees,
            ["depth"] = forest.Depth,
            ["window"] = forest.Window,
        };

        public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; } =
        [
            new("trees", forest.Trees.ToString(CultureInfo.InvariantCulture)),
            new("usual_density", forest.Usual.ToString(CultureInfo.InvariantCulture)),
            OnlineModel.Metadata(forest),
        ];

        public float Score(ReadOnlySpan<float> row) => forest.Score(row);

        public byte[] ToOnnx(IReadOnlyList<KeyValuePair<string, string>> metadata) => ForestGraph.Write(forest, metadata);
    }
}
