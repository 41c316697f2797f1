using System.Collections.Concurrent;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

/// <summary>What happens to one metric of many is told, whoever decides about the entity.</summary>
public sealed class MetricEventTests(ITestOutputHelper output)
{
    const long T0 = 1_772_366_400_000;

    public enum Decider
    {
        Joint,

        /// <summary>A joint model that finds nothing: what happens to a metric stands alone.</summary>
        BlindJoint,
        Lanes,
        Everybody,
    }

    [Theory]
    [InlineData(Decider.Joint, 38, 1000)]
    [InlineData(Decider.Joint, 38, 60_000)]
    [InlineData(Decider.Joint, 3, 1000)]
    [InlineData(Decider.Joint, 3, 60_000)]
    [InlineData(Decider.Everybody, 38, 1000)]
    [InlineData(Decider.Everybody, 38, 60_000)]
    [InlineData(Decider.Everybody, 3, 1000)]
    [InlineData(Decider.Lanes, 3, 60_000)]
    public void A_step_of_twelve_deviations_held_for_ten_minutes_lies_inside_one_open_decision(Decider decider, int metrics, int stepMs)
    {
        var held = 600_000 / stepMs;
        var firsts = new List<int>();
        for (var seed = 0; seed < 3; seed++)
        {
            var run = new Run(decider, metrics, stepMs, seed);
            run.Ticks(1500);
            run.Course = (metric, value) => metric == 1 ? value + (12 * Run.Deviation) : value;
            var verdicts = run.Ticks(held);
            var first = verdicts.FindIndex(verdict => verdict.Anomalous);
            firsts.Add(first);
            first.ShouldBeInRange(0, 7, $"seed {seed}");
            verdicts[first..].ShouldAllBe(verdict => verdict.Anomalous);
            verdicts.Count(verdict => verdict.Changed).ShouldBe(1);
            verdicts[^1].Findings.ShouldHaveSingleItem().Summary.ShouldStartWith("metric.1 at ");
            run.Course = null;
            run.Ticks(400)[^1].Anomalous.ShouldBeFalse();
        }
        output.WriteLine($"{decider}, {metrics} metrics, {stepMs} ms: open from tick {string.Join(", ", firsts.Select(first => first + 1))} of {held} on");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void The_third_missing_value_zero_or_repeat_opens_it_and_says_what_happened(int stepMs)
    {
        var unit = stepMs == 1000 ? "2 s" : "2 min";
        var told = new Dictionary<DetectionKind, (double Value, string Summary)>
        {
            [DetectionKind.Silence] = (double.NaN, "has not come for " + (stepMs == 1000 ? "3 s" : "3 min") + " while the others do; it was at "),
            [DetectionKind.DropToZero] = (0, $"dropped to zero {unit} ago, normally "),
            [DetectionKind.FlatLine] = (43.2, $"has stood still at 43.2 °C for {unit}; it changed with every value before"),
        };
        foreach (var (kind, (value, summary)) in told)
        {
            var run = new Run(Decider.BlindJoint, 38, stepMs, seed: 1);
            run.Ticks(1500);
            run.Course = (metric, ordinary) => metric == 5 ? value : ordinary;
            var verdicts = run.Ticks(kind == DetectionKind.FlatLine ? 4 : 3);
            verdicts[..^1].ShouldAllBe(verdict => !verdict.Anomalous);
            var opened = verdicts[^1];
            (opened.Anomalous, opened.Changed).ShouldBe((true, true));
            opened.P.ShouldBeLessThanOrEqualTo(EventVoice.Improbable);
            opened.Extrapolated.ShouldBeTrue();
            var finding = opened.Findings.ShouldHaveSingleItem();
            finding.Kind.ShouldBe(kind);
            finding.Since.ShouldBe(kind == DetectionKind.Silence ? run.T - (3 * stepMs) : run.T - (2 * stepMs) - (kind == DetectionKind.FlatLine ? stepMs : 0));
            finding.Summary.ShouldStartWith("metric.5 ");
            finding.Summary.ShouldContain(kind == DetectionKind.FlatLine ? summary.Replace(unit, stepMs == 1000 ? "3 s" : "3 min", StringComparison.Ordinal) : summary);
            finding.Contributors.ShouldHaveSingleItem().Name.ShouldBe("metric.5");

            run.Ticks(20).ShouldAllBe(verdict => verdict.Anomalous && verdict.Findings.Count == 1 && !verdict.Changed);
            run.Course = null;
            run.Ticks(3)[^1].ShouldSatisfyAllConditions(verdict => verdict.Anomalous.ShouldBeFalse(), verdict => verdict.Changed.ShouldBeTrue());
        }
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(60_000, false)]
    public void A_creep_that_no_level_sees_is_told_with_where_the_metric_was_but_not_beside_a_joint_model_on_minutes(int stepMs, bool isTold)
    {
        var (run, minute) = (new Run(Decider.BlindJoint, 3, stepMs, seed: 6), 60_000 / stepMs);
        var held = 720 * minute;
        Trends(run.Ticks(1800 * minute)).Count.ShouldBe(0);
        var start = run.T;
        run.Course = (metric, value) => metric == 1 ? value + (40.0 * (run.T - start) / ((double)held * stepMs)) : value;
        var trends = Trends(run.Ticks(held));
        (trends.Count > 0).ShouldBe(isTold);
        foreach (var (verdict, finding) in trends)
        {
            (verdict.Anomalous, verdict.P <= EventVoice.Improbable).ShouldBe((true, true));
            finding.Summary.ShouldMatch(@"^metric\.1 at \d+(\.\d+)? °C has crept out of where it is on any day, normally ");
        }
        run.Course = (metric, value) => metric == 1 ? value + 40 : value;
        run.Ticks(120 * minute);
        Trends(run.Ticks(240 * minute)).Count.ShouldBe(0);
    }

    static List<(Verdict Verdict, Finding Finding)> Trends(List<Verdict> verdicts) =>
        [.. verdicts.SelectMany(verdict => verdict.Findings.Where(finding => finding.Kind == DetectionKind.Trend).Select(finding => (verdict, finding)))];

    [Fact]
    public void What_happens_to_several_at_once_is_one_finding()
    {
        var run = new Run(Decider.Everybody, 38, 1000, seed: 2);
        run.Ticks(1500);
        run.Course = (metric, value) => metric < 10 ? double.NaN : value;
        run.Ticks(5)[^1].Findings.ShouldContain(finding =>
            finding.Kind == DetectionKind.Silence && finding.Summary.EndsWith("; something happened to 9 more metrics", StringComparison.Ordinal));
    }

    [Fact]
    public void Under_a_plain_threshold_scores_alone_decide()
    {
        var run = new Run(Decider.BlindJoint, 3, 1000, seed: 3, new DetectorOptions(Threshold: 1));
        run.Ticks(1500);
        run.Course = (metric, value) => metric == 1 ? 0 : value;
        run.Ticks(60).ShouldAllBe(verdict => !verdict.Anomalous && verdict.Findings.Count == 0);
    }

    [Fact]
    public void A_metric_that_is_new_in_the_schema_begins_and_the_others_go_on()
    {
        var run = new Run(Decider.Everybody, 10, 1000, seed: 4);
        run.Ticks(1500);
        run.Extend(12);
        run.Course = (metric, value) => metric is 5 or 11 ? 43.2 : value;
        run.Ticks(5)[^1].Findings.ShouldContain(finding => finding.Kind == DetectionKind.FlatLine && finding.Summary.StartsWith("metric.5 ", StringComparison.Ordinal)
            && !finding.Summary.Contains("more metric", StringComparison.Ordinal));
    }

    [Fact]
    public void A_restored_detector_decides_as_the_original()
    {
        var run = new Run(Decider.Everybody, 6, 1000, seed: 5);
        run.Ticks(1500);
        run.Course = (metric, value) => metric == 2 ? 0 : metric == 4 ? value + (12 * Run.Deviation) : value;
        run.Ticks(5);
        var stream = new MemoryStream();
        run.Detector.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var copy = EntityDetector.Read(new BinaryReader(stream), new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);
        stream.Position.ShouldBe(stream.Length);
        for (var i = 0; i < 30; i++)
        {
            run.Course = i < 10 ? run.Course : null;
            var mine = run.Next();
            var theirs = run.Decide(copy);
            (theirs.P, theirs.Anomalous, theirs.Changed).ShouldBe((mine.P, mine.Anomalous, mine.Changed));
            theirs.Findings.Select(finding => finding.Summary).ShouldBe(mine.Findings.Select(finding => finding.Summary));
        }
    }

    sealed class Run
    {
        /// <summary>Of each metric, around 40.</summary>
        public const double Deviation = 2;

        static readonly ConcurrentDictionary<int, TrainedJoint> Models = new();

        readonly Decider _decider;
        readonly int _stepMs;
        readonly SeededRandom _random;
        SeriesFeatures[] _series = [];
        JointBatch? _batch;
        FeatureTick _tick = new(T0, []);
        SeriesSchema _schema = SeriesSchema.Of([SeriesColumn.Of("metric.0", "Cel")]);

        public Run(Decider decider, int metrics, int stepMs, int seed, DetectorOptions? options = null)
        {
            (_decider, _stepMs, _random) = (decider, stepMs, new SeededRandom(seed));
            Detector = new EntityDetector(options ?? new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);
            Extend(metrics);
        }

        public EntityDetector Detector { get; }

        public Func<int, double, double>? Course { get; set; }

        public long T => _tick.T;

        public void Extend(int metrics)
        {
            _schema = SeriesSchema.Of([.. Enumerable.Range(0, metrics).Select(i => SeriesColumn.Of($"metric.{i}", "Cel"))]);
            _series = [.. _series, .. _schema.Columns.Skip(_series.Length).Select(column => new SeriesFeatures(column.Unit))];
        }

        public List<Verdict> Ticks(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

        public Verdict Next()
        {
            Measure(1);
            return Decide(Detector);
        }

        void Measure(int ticks)
        {
            for (var i = 0; i < ticks; i++)
                Measure();
        }

        void Measure()
        {
            _tick = new FeatureTick(_tick.T + _stepMs, new float[_series.Length * FeatureSpec.Count]);
            for (var i = 0; i < _series.Length; i++)
            {
                var name = int.Parse(_schema.Columns[i].Name.AsSpan("metric.".Length), System.Globalization.CultureInfo.InvariantCulture);
                var value = 40 + (Deviation * _random.NextGaussian());
                _series[i].Update(T, Course?.Invoke(name, value) ?? value, _tick.Features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            }
        }

        public Verdict Decide(EntityDetector detector)
        {
            Span<float> row = stackalloc float[RowSpec.Count];
            Span<float> score = stackalloc float[1];
            EntityDetector.Prepare(_tick, _series.Length, row);
            TestModel.Shared.Scorer.Score(row, 1, score);
            return detector.Decide(_tick, _schema, _stepMs, EntityMaturity.Warm, score[0], _decider is Decider.Joint or Decider.BlindJoint ? Evidence() : default);
        }

        JointEvidence Evidence()
        {
            var slots = Enumerable.Range(0, _series.Length).ToArray();
            var (score, energies) = (1f, new float[slots.Length]);
            var model = Models.GetOrAdd(slots.Length, Train);
            if (_decider == Decider.Joint)
            {
                var row = new float[slots.Length * JointRow.Count];
                JointRow.Gather(_tick.Features, slots, row);
                var batch = _batch ??= new JointBatch(model.Model);
                batch.Clear();
                batch.Add(row, model.Scalings[0]);
                batch.Score();
                (score, energies) = (batch.ScoreOf(0), batch.ContributionsOf(0).ToArray());
            }
            return new JointEvidence
            {
                Model = "group",
                Prior = CalibrationPrior.FromScores(model.Scores),
                Score = score,
                Energies = energies,
                Expected = new double[slots.Length],
                ColumnOfSlot = slots,
            };
        }

        static TrainedJoint Train(int metrics)
        {
            var (past, slots) = (new Run(Decider.Everybody, metrics, 1000, seed: 99), Enumerable.Range(0, metrics).ToArray());
            var (rows, width) = (new float[1500 * metrics * JointRow.Count], metrics * JointRow.Count);
            past.Measure(300);
            for (var at = 0; at < rows.Length; at += width)
            {
                past.Measure(1);
                JointRow.Gather(past._tick.Features, slots, rows.AsSpan(at, width));
            }
            return JointTraining.Run([rows], metrics, new JointOptions());
        }
    }
}
