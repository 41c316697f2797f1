using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>The joint model of a group of one, made of a training part as the trainer makes one of history, and loaded from its file.</summary>
sealed class EvaluatedGroup : IDisposable
{
    static readonly JointOptions Options = new();

    readonly OnnxScorer _scorer;

    EvaluatedGroup(OnnxScorer scorer, GroupModel model)
    {
        (_scorer, Model) = (scorer, model);
        Run = new JointRun(model, scorer, capacity: 1);
    }

    public GroupModel Model { get; }

    public JointRun Run { get; }

    /// <summary>Null where a group would get none: one metric alone, or too few rows.</summary>
    public static EvaluatedGroup? Of(string entity, SeriesSchema schema, MetricRows training)
    {
        var metrics = schema.Columns.Count;
        if (metrics is < 2 or > JointRow.MaxMetrics || training.Count < JointTraining.Settling + JointTraining.MinRows)
            return null;
        SeriesFeatures[] series = [.. schema.Columns.Select(column => new SeriesFeatures(column.Unit))];
        int[] slots = [.. Enumerable.Range(0, metrics)];
        var (features, width) = (new float[metrics * FeatureSpec.Count], metrics * JointRow.Count);
        var rows = new float[(training.Count - JointTraining.Settling) * width];
        for (var i = 0; i < training.Count; i++)
        {
            var values = training.Row(i);
            for (var column = 0; column < metrics; column++)
                series[column].Update(training.Times[i], values[column], features.AsSpan(column * FeatureSpec.Count, FeatureSpec.Count));
            if (i >= JointTraining.Settling)
                JointRow.Gather(features, slots, rows.AsSpan((i - JointTraining.Settling) * width, width));
        }
        var trained = JointTraining.Run([rows], metrics, Options);
        var metadata = JointFile.Metadata(
            [.. schema.Columns.Select(column => column.Id)], new Dictionary<string, JointScaling>(StringComparer.Ordinal) { [entity] = trained.Scalings[0] });
        var scorer = OnnxScorer.Load(JointGraph.Write(trained.Model, metadata));
        return new EvaluatedGroup(scorer, GroupModel.Of(entity, scorer, CalibrationPrior.FromScores(trained.Scores))!);
    }

    public void Dispose()
    {
        Run.Dispose();
        _scorer.Dispose();
    }
}
