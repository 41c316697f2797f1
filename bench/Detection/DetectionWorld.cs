using Forewarn.Analytics;
using Forewarn.Models;

namespace Forewarn.Bench.Detection;

/// <summary>
/// Models trained on the ticks of one generated machine, and a fleet that lives through the same ticks, each entity at
/// another time of them.
/// </summary>
sealed class DetectionWorld : IDisposable
{
    public const int Metrics = 38;
    public const int TrainingRows = 20_000;
    public const int Entities = 64;

    const string Trained = "generated";

    readonly double[][] _values;
    readonly SeriesFeatures[][] _states = new SeriesFeatures[Entities][];

    public DetectionWorld()
    {
        var machine = new SyntheticEntity(new SeededRandom(1), Metrics);
        Units = [.. Enumerable.Range(0, Metrics).Select(machine.UnitOf)];
        _values = new double[TrainingRows + JointTraining.Settling][];
        for (var tick = 0; tick < _values.Length; tick++)
            machine.Next(_values[tick] = new double[Metrics]);
        var (joint, rows) = Learn();
        Model = joint.Model;
        var columns = Units.Select((_, i) => $"{i:x8}").ToArray();
        var scalings = new Dictionary<string, JointScaling>(StringComparer.Ordinal) { [Trained] = joint.Scalings[0] };
        File = JointGraph.Write(Model, JointFile.Metadata(columns, scalings));
        Joint = OnnxScorer.Load(File);
        Group = GroupModel.Of("bench", Joint, CalibrationPrior.FromScores(joint.Scores))!;
        Forest = OnnxScorer.Load(ForestGraph.Write(IsolationForest.Train(rows, TrainingRows, RowSpec.Count, new ForestOptions()), []));
        for (var entity = 0; entity < Entities; entity++)
            _states[entity] = [.. Units.Select(unit => new SeriesFeatures(unit))];
        Features = new float[Entities * Metrics * FeatureSpec.Count];
    }

    public IReadOnlyList<string> Units { get; }

    public JointModel Model { get; }

    public byte[] File { get; }

    public OnnxScorer Joint { get; }

    public GroupModel Group { get; }

    public OnnxScorer Forest { get; }

    /// <summary>Of the last tick, entity by entity.</summary>
    public float[] Features { get; }

    public ReadOnlySpan<float> FeaturesOf(int entity) => Features.AsSpan(entity * Metrics * FeatureSpec.Count, Metrics * FeatureSpec.Count);

    public JointScaling ScalingOf() => Group.ScalingOf(Trained)!;

    /// <summary>Takes a tick of each entity.</summary>
    public void Take(int tick)
    {
        for (var entity = 0; entity < Entities; entity++)
        {
            var at = (tick + (entity * (TrainingRows / Entities))) % _values.Length;
            Update(_states[entity], tick, _values[at], Features.AsSpan(entity * Metrics * FeatureSpec.Count));
        }
    }

    public void Dispose()
    {
        Joint.Dispose();
        Forest.Dispose();
    }

    static void Update(SeriesFeatures[] states, int tick, double[] values, Span<float> features)
    {
        for (var metric = 0; metric < Metrics; metric++)
            states[metric].Update(tick * 1000L, values[metric], features.Slice(metric * FeatureSpec.Count, FeatureSpec.Count));
    }

    (TrainedJoint Joint, float[] Rows) Learn()
    {
        SeriesFeatures[] states = [.. Units.Select(unit => new SeriesFeatures(unit))];
        var features = new float[Metrics * FeatureSpec.Count];
        var joint = new float[_values.Length * Metrics * JointRow.Count];
        var pooled = new float[TrainingRows * RowSpec.Count];
        int[] columns = [.. Enumerable.Range(0, Metrics)];
        for (var tick = 0; tick < _values.Length; tick++)
        {
            Update(states, tick, _values[tick], features);
            JointRow.Gather(features, columns, joint.AsSpan(tick * Metrics * JointRow.Count));
            if (tick >= JointTraining.Settling)
                RowSpec.Fill(features, Metrics, pooled.AsSpan((tick - JointTraining.Settling) * RowSpec.Count));
        }
        return (JointTraining.Run([joint], Metrics, new JointOptions()), pooled);
    }
}
