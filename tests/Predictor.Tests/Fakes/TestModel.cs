using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>A real forest, grown on generated normal behaviour as the trainer's first one is.</summary>
sealed class TestModel
{
    static readonly Lazy<TestModel> Default = new(() => new TestModel(seed: 1));

    public TestModel(int seed)
    {
        var first = new FirstForest(seed);
        Onnx = ForestGraph.Write(first.Forest, []);
        var sha256 = ModelManifest.Sha256Of(Onnx);
        var version = ModelManifest.VersionOf(sha256);
        Manifest = new ModelManifest
        {
            Version = version,
            Sha256 = sha256,
            SizeBytes = Onnx.Length,
            Parts = ModelStore.PartsOf(version, Onnx.Length),
            Kind = "isolation-forest",
            Group = "any",
            FeatureSpec = FeatureSpec.Version,
            RowSpec = RowSpec.Version,
            FeatureNames = RowSpec.Names,
            Training = new TrainingRecord { Source = "generated", Rows = first.Rows },
            Prior = first.Prior,
            Reference = ReferenceHistogram.FromRows(first.TrainingRows, RowSpec.Count),
            CreatedAt = 0,
            CodeVersion = "test",
        };
        Scorer = OnnxScorer.Load(Onnx);
    }

    public static TestModel Shared => Default.Value;

    public byte[] Onnx { get; }
    public ModelManifest Manifest { get; }
    public OnnxScorer Scorer { get; }
    public CalibrationPrior Prior => Manifest.Prior;
    public string Version => Manifest.Version;
    public ModelInfo Info => Manifest.ToInfo(ModelState.Champion);
}
