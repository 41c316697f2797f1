using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

/// <summary>A real forest, grown on generated normal behaviour as the trainer's first one is.</summary>
sealed class TestModel
{
    static readonly Lazy<TestModel> Default = new(() => new TestModel(seed: 1));

    public TestModel(int seed)
    {
        var set = NormalBehaviour.FirstTrainingRows(seed);
        var fit = set.RowCount * 4 / 5;
        var forest = IsolationForest.Train(set.Rows.AsSpan(0, fit * set.Features), fit, set.Features, new ForestOptions { Seed = seed });
        Onnx = ForestGraph.Write(forest, []);
        var scores = new float[set.RowCount - fit];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = Strangeness.Of(forest.Score(set.Row(fit + i)), set.Row(fit + i));
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
            Training = new TrainingRecord { Source = "generated", Rows = fit },
            Prior = CalibrationPrior.FromScores(scores),
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
