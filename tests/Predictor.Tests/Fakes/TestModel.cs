using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>A real model, made from generated normal behaviour as the trainer's first one is.</summary>
sealed class TestModel
{
    static readonly Lazy<TestModel> Default = new(() => new TestModel(seed: 1));

    public TestModel(int seed)
        : this(new FirstForest(seed))
    {
    }

    TestModel(FirstForest first)
        : this("isolation-forest", ForestGraph.Write(first.Forest, []), first.Prior, first.TrainingRows)
    {
    }

    TestModel(string kind, byte[] onnx, CalibrationPrior prior, float[] rows)
    {
        Onnx = onnx;
        var sha256 = ModelManifest.Sha256Of(Onnx);
        var version = ModelManifest.VersionOf(sha256);
        Manifest = new ModelManifest
        {
            Version = version,
            Sha256 = sha256,
            SizeBytes = Onnx.Length,
            Parts = ModelStore.PartsOf(version, Onnx.Length),
            Kind = kind,
            Group = "any",
            FeatureSpec = FeatureSpec.Version,
            RowSpec = RowSpec.Version,
            FeatureNames = RowSpec.Names,
            Training = new TrainingRecord { Source = "generated", Rows = rows.Length / RowSpec.Count },
            Prior = prior,
            Reference = ReferenceHistogram.FromRows(rows, RowSpec.Count),
            CreatedAt = 0,
            CodeVersion = "test",
        };
        Scorer = OnnxScorer.Load(Onnx);
    }

    public static TestModel Shared => Default.Value;

    /// <summary>Half-space trees that entities go on teaching, and the trees.</summary>
    public static (TestModel Model, HalfSpaceForest Forest) Learning(int seed, int window)
    {
        var first = new FirstForest(seed);
        var forest = HalfSpaceForest.Train(first.TrainingRows, first.TrainingRows.Length / RowSpec.Count, RowSpec.Count, new HalfSpaceOptions { Seed = seed, Window = window });
        return (new TestModel("half-space-trees", ForestGraph.Write(forest, [OnlineModel.Metadata(forest)]), first.Prior, first.TrainingRows), forest);
    }

    public byte[] Onnx { get; }
    public ModelManifest Manifest { get; }
    public OnnxScorer Scorer { get; }
    public CalibrationPrior Prior => Manifest.Prior;
    public string Version => Manifest.Version;
    public ModelInfo Info => Manifest.ToInfo(ModelState.Champion);
}
