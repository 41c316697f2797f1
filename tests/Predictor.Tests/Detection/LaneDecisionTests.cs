using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

/// <summary>An entity of few metrics without a model of its group: each is judged by its own past, on minutes.</summary>
public sealed class LaneDecisionTests
{
    const long T0 = 1_772_366_400_000;
    const int Minute = 60_000;

    [Fact]
    public void A_step_of_twelve_deviations_held_for_ten_minutes_lies_inside_one_open_decision()
    {
        foreach (var seed in (int[])[1, 2, 3, 4, 5])
        {
            var probe = new Probe(seed);
            probe.Minutes(1500);
            probe.Step = 12;
            var held = probe.Minutes(10);
            probe.Step = 0;
            held.ShouldAllBe(verdict => verdict.Anomalous);
            held.Count(verdict => verdict.Changed).ShouldBe(1);
            var finding = held[0].Findings.ShouldHaveSingleItem();
            finding.Kind.ShouldBeOneOf(DetectionKind.Spike, DetectionKind.Level);
            finding.Summary.ShouldStartWith("probe.duration at ");
            held[^1].Findings.ShouldHaveSingleItem().Summary.ShouldContain(": a new level");
            probe.Minutes(30)[^1].Anomalous.ShouldBeFalse();
        }
    }

    [Fact]
    public void A_drop_to_zero_and_a_flat_line_are_told_by_their_names()
    {
        var probe = new Probe(6);
        probe.Minutes(600);
        probe.Fixed = 0;
        var zero = probe.Minutes(3);
        zero[^1].Findings.ShouldHaveSingleItem().Kind.ShouldBe(DetectionKind.DropToZero);
        zero[^1].Findings[0].Summary.ShouldStartWith("probe.duration dropped to zero 2 min ago, normally ");

        var other = new Probe(7);
        other.Minutes(600);
        other.Fixed = 1.01;
        var flat = other.Minutes(4);
        flat[^1].Findings.ShouldHaveSingleItem().Kind.ShouldBe(DetectionKind.FlatLine);
        flat[^1].Findings[0].Summary.ShouldStartWith("probe.duration has stood still at 1.01 s for 3 min; ");
    }

    [Fact]
    public void A_restored_detector_decides_as_the_original()
    {
        var probe = new Probe(8);
        probe.Minutes(400);
        var stream = new MemoryStream();
        probe.Detector.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var copy = EntityDetector.Read(new BinaryReader(stream), new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);
        stream.Position.ShouldBe(stream.Length);
        probe.Step = 12;
        for (var i = 0; i < 50; i++)
        {
            var (tick, mine) = probe.Next();
            var theirs = copy.Decide(tick, Probe.Schema, Minute, EntityMaturity.Warm, 0.4f);
            (theirs.P, theirs.Anomalous, theirs.Changed, theirs.Telling).ShouldBe((mine.P, mine.Anomalous, mine.Changed, mine.Telling));
        }
    }

    [Fact]
    public void Many_metrics_are_judged_together()
    {
        var schema = SeriesSchema.Of([.. Enumerable.Range(0, LaneVoice.MostSeries + 1).Select(i => SeriesColumn.Of($"m{i}", "1"))]);
        var detector = new EntityDetector(new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);
        var verdict = detector.Decide(new FeatureTick(T0, new float[schema.Columns.Count * FeatureSpec.Count]), schema, Minute, EntityMaturity.Warm, 0.4f);
        verdict.Model.ShouldBe(TestModel.Shared.Version);
    }

    sealed class Probe(int seed)
    {
        public static SeriesSchema Schema { get; } = SeriesSchema.Of([SeriesColumn.Of("probe.duration", "s")]);

        readonly SeededRandom _random = new(seed);
        readonly SeriesFeatures _features = new("s");
        long _minute;

        public EntityDetector Detector { get; } = new(new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);

        /// <summary>Deviations above the usual.</summary>
        public double Step { get; set; }

        public double? Fixed { get; set; }

        public List<Verdict> Minutes(int count) => [.. Enumerable.Range(0, count).Select(_ => Next().Verdict)];

        public (FeatureTick Tick, Verdict Verdict) Next()
        {
            var features = new float[FeatureSpec.Count];
            var t = T0 + (_minute++ * Minute);
            _features.Update(t, Fixed ?? (1 + (0.02 * (Step + _random.NextGaussian()))), features);
            var tick = new FeatureTick(t, features);
            return (tick, Detector.Decide(tick, Schema, Minute, EntityMaturity.Warm, 0.4f));
        }
    }
}
