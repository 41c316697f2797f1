using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

/// <summary>A real joint model of <see cref="LinkedHost"/>s, with its file and manifest as the trainer makes them.</summary>
sealed class TestGroup
{
    public const string Known = "web-1";

    const int Rows = 1200;

    static readonly Lazy<TestGroup> Default = new(() => new TestGroup(seed: 1));

    /// <param name="seed">Decides the rows.</param>
    /// <param name="schema">The group's columns.</param>
    /// <param name="entities">Whom it learns from.</param>
    public TestGroup(long seed, SeriesSchema? schema = null, params string[] entities)
    {
        schema ??= LinkedHost.Schema;
        entities = entities.Length == 0 ? [Known, "web-2"] : entities;
        float[][] rows = [.. entities.Select((entity, i) => RowsOf(new LinkedHost(entity, (seed * 100) + i) { Columns = schema }, schema.Columns.Count))];
        var trained = JointTraining.Run(rows, schema.Columns.Count, new JointOptions { Seed = seed });
        string[] columns = [.. schema.Columns.Select(column => column.Id)];
        var scalings = entities.Zip(trained.Scalings).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        Onnx = JointGraph.Write(trained.Model, JointFile.Metadata(columns, scalings));
        Manifest = ManifestOf(Onnx, schema.Hash, [.. schema.Columns.Select(column => column.Id)], CalibrationPrior.FromScores(trained.Scores)) with { CreatedAt = seed };
    }

    public static TestGroup Shared => Default.Value;

    public byte[] Onnx { get; }

    public ModelManifest Manifest { get; }

    public string Version => Manifest.Version;

    public ModelInfo Info => Manifest.ToInfo(ModelState.Champion);

    public static ModelManifest ManifestOf(byte[] onnx, string group, IReadOnlyList<string> columns, CalibrationPrior prior)
    {
        var sha256 = ModelManifest.Sha256Of(onnx);
        var version = ModelManifest.VersionOf(sha256);
        return TestModel.Shared.Manifest with
        {
            Version = version,
            Sha256 = sha256,
            SizeBytes = onnx.Length,
            Parts = ModelStore.PartsOf(version, onnx.Length),
            Kind = "joint",
            Group = group,
            RowSpec = JointRow.Version,
            FeatureNames = JointFile.FeatureNames(columns),
            Prior = prior,
            Reference = [],
        };
    }

    static float[] RowsOf(LinkedHost host, int metrics)
    {
        int[] slots = [.. Enumerable.Range(0, metrics)];
        var (width, rows) = (metrics * JointRow.Count, new float[Rows * metrics * JointRow.Count]);
        for (var i = -JointTraining.Settling; i < Rows; i++)
        {
            var tick = host.Tick();
            if (i >= 0)
                JointRow.Gather(tick.Features, slots, rows.AsSpan(i * width, width));
        }
        return rows;
    }
}
