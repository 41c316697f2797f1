using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Simulator;
using Forewarn.Testing;

namespace Forewarn.Trainer.Tests.Simulation;

/// <summary>What became of a tick of a simulated host.</summary>
/// <param name="Opened">The joint model opened a decision.</param>
/// <param name="EverybodyOpened">The model of everybody would have opened one.</param>
readonly record struct JudgedTick(bool Opened, bool EverybodyOpened);

/// <summary>
/// Simulated hosts of one group: their ordinary seconds become a joint model as in a training, then they go on, and each has a
/// detector that is asked as in production: rows by <see cref="JointEntity"/>, scores from the model's file.
/// </summary>
sealed class SimulatedGroup : IDisposable
{
    const int Batch = 64;

    /// <summary>One part in so many of the past checks the model.</summary>
    const int CheckedPart = 10;

    public static readonly SeriesSchema Schema = SeriesSchema.Of(
        [.. HostSchema.Series.Select(series => SeriesColumn.Of(series.Name, series.Unit!, series.Labels, series.Limit))]);

    readonly SimulatedFleet _fleet;
    readonly Host[] _hosts;
    readonly OnnxScorer _scorer;
    readonly JointRun _run;
    long _t;

    /// <param name="hosts">Hosts, all learned from.</param>
    /// <param name="seed">Theirs.</param>
    /// <param name="start">Event time at which their past begins, unix milliseconds.</param>
    /// <param name="minutes">Of ordinary past.</param>
    public SimulatedGroup(int hosts, int seed, long start, int minutes)
    {
        (_fleet, _t) = (new SimulatedFleet(new FleetPlan { First = "sim-1", Hosts = hosts, Missing = 0 }, seed), start);
        _hosts = [.. _fleet.Hosts.Select(host => new Host(host.Entity))];
        var newest = start + (minutes * 60_000L * (CheckedPart - 1) / CheckedPart);
        var (past, rest) = (Replays(EntityReplay.Stride), Replays(stride: 1));
        for (var second = 0; second < minutes * 60; second++)
        {
            var readings = Next(injection: null);
            for (var i = 0; i < _hosts.Length; i++)
            {
                var values = readings[i].Values;
                _hosts[i].Measure(_t, values);
                (_t < newest ? past : rest)[i].Add(_t, Schema, values);
            }
        }
        var sample = new GroupSample(Schema, EntityReplay.Stride, [.. _hosts.Select((host, i) => new EntitySample(host.Entity, 1000, Taken(past[i]), Taken(rest[i])))], []);
        var (model, check) = GroupModels.Make(sample, seed: 1, createdAt: 1, parent: null);
        Check = check;
        _scorer = OnnxScorer.Load(model.Onnx);
        _run = new JointRun(GroupModel.Of(model.Manifest.Version, _scorer, model.Manifest.Prior)!, _scorer, Batch);
    }

    public JointCheck Check { get; }

    public IReadOnlyList<string> Entities => [.. _hosts.Select(host => host.Entity)];

    /// <summary>Event time of the newest second.</summary>
    public long Now => _t - 1000;

    /// <summary>Goes on for so many seconds; what each host's ticks became.</summary>
    public IReadOnlyList<JudgedTick>[] Run(int seconds, Injection? injection = null)
    {
        var judged = _hosts.Select(_ => new List<JudgedTick>(seconds)).ToArray();
        for (var done = 0; done < seconds; done += Batch)
        {
            var taken = Math.Min(Batch, seconds - done);
            for (var i = 0; i < taken; i++)
            {
                var readings = Next(injection);
                for (var host = 0; host < _hosts.Length; host++)
                    _hosts[host].Keep(_t, readings[host].Values);
            }
            for (var host = 0; host < _hosts.Length; host++)
                _hosts[host].Judge(_run, judged[host]);
        }
        return [.. judged];
    }

    public void Dispose()
    {
        _run.Dispose();
        _scorer.Dispose();
    }

    HostReading[] Next(Injection? injection) => _fleet.Next(_t += 1000, injection is null ? [] : [injection]);

    GroupReplay[] Replays(int stride) => [.. _hosts.Select(_ => new GroupReplay(Schema, [], stride))];

    static TimedRows Taken(GroupReplay replay)
    {
        replay.EndStretch();
        return new TimedRows(replay.Rows(), replay.Times);
    }

    sealed class Host(string entity)
    {
        readonly SeriesFeatures[] _series = [.. Schema.Columns.Select(column => new SeriesFeatures(column.Unit))];
        readonly List<FeatureTick> _kept = [];
        readonly JointEntity _joint = new();
        readonly EntityDetector _detector = new(new DetectorOptions(), "first", FirstForest.Shared.Prior);
        readonly float[] _row = new float[RowSpec.Count];

        public string Entity => entity;

        public FeatureTick Measure(long t, double[] values)
        {
            var tick = new FeatureTick(t, new float[_series.Length * FeatureSpec.Count]);
            for (var i = 0; i < _series.Length; i++)
                _series[i].Update(t, values[i], tick.Features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            return tick;
        }

        public void Keep(long t, double[] values) => _kept.Add(Measure(t, values));

        public void Judge(JointRun run, List<JudgedTick> judged)
        {
            run.Clear();
            var views = new List<JointView>(_kept.Count);
            foreach (var tick in _kept)
            {
                views.Add(_joint.Fill(run.Group, entity, EntityMaturity.Warm, tick, Schema, run.Next)
                    ?? throw new InvalidOperationException($"The model does not judge {entity}."));
                run.Keep();
            }
            run.Score();
            for (var i = 0; i < _kept.Count; i++)
            {
                var tick = _kept[i];
                EntityDetector.Prepare(tick, _series.Length, _row);
                var evidence = _joint.Read(views[i], run, i, tick);
                var verdict = _detector.Decide(tick, Schema, 1000, EntityMaturity.Warm, FirstForest.Shared.Forest.Score(_row), evidence);
                judged.Add(new JudgedTick(verdict is { Changed: true, Anomalous: true }, verdict.ChampionOpened));
            }
            _kept.Clear();
        }
    }
}
