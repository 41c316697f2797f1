using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

/// <summary>Where a group has a joint model it decides, whatever the model of everybody says.</summary>
public sealed class JointDecisionTests
{
    const long T0 = 1_772_366_400_000;
    const int Minute = 60_000;

    static readonly SeriesSchema Schema = SeriesSchema.Of([
        SeriesColumn.Of("queue.length", "{job}"), SeriesColumn.Of("system.cpu.utilization", "1"), SeriesColumn.Of("http.server.request.duration", "s")]);

    [Fact]
    public void Two_strange_minutes_or_one_far_out_open_it_and_the_sentence_names_what_moved_first()
    {
        var run = new Run();
        run.Ordinary(600);
        run.Verdict(2, 0.99f, 0, 2, 0).Anomalous.ShouldBeFalse("the model of everybody finds it strange and does not decide");
        run.Verdict(8, 0.4f, 9, 2, 1).Anomalous.ShouldBeFalse();
        var opened = run.Verdict(40, 0.4f, 9, 20, 1);
        (opened.Anomalous, opened.Changed, opened.Model).ShouldBe((true, true, "group"));
        var finding = opened.Findings.ShouldHaveSingleItem();
        (finding.Kind, finding.Since).ShouldBe((DetectionKind.Joint, run.T - Minute));
        finding.Contributors.Select(contributor => contributor.Name).ShouldBe(["system.cpu.utilization", "queue.length"]);
        finding.Contributors.Select(contributor => contributor.EnergyRank).ShouldBe([1, 2]);
        finding.Contributors.ShouldAllBe(contributor => contributor.Importance == null && contributor.ImportanceRank == null, "there is no forest to ask");
        finding.Contributors[0].Expected.ShouldBe(0.125, "what all metrics together let expect");
        finding.Summary.ShouldStartWith("system.cpu.utilization at 50 %, where the other metrics let expect 12.5 %; 1 more metric is off; ");
        finding.Summary.ShouldEndWith("; queue.length moved first");
        opened.Score.ShouldBe(40f / 46, 1e-6f);
        run.Verdict(2, 0.99f, 0, 2, 0).ShouldSatisfyAllConditions(verdict => verdict.Anomalous.ShouldBeFalse(), verdict => verdict.Changed.ShouldBeTrue());
        run.Verdict(30, 0.4f, 9, 20, 1).ShouldSatisfyAllConditions(verdict => verdict.Anomalous.ShouldBeTrue(), verdict => verdict.Alarming.ShouldBeTrue());
    }

    [Fact]
    public void It_is_told_each_minute_while_it_stands_and_stands_for_an_hour_at_most()
    {
        var run = new Run();
        run.Ordinary(600);
        var told = Enumerable.Range(0, 200).Select(_ => run.Verdict(20, 0.4f, 9, 9, 9)).ToList();
        told[1..60].ShouldAllBe(verdict => verdict.Anomalous && verdict.Findings.Count == 1);
        told[120..].ShouldAllBe(verdict => !verdict.Anomalous && verdict.Findings.Count == 0);
        told.Count(verdict => verdict.Changed).ShouldBe(2);
        told[1..4].ShouldAllBe(verdict => verdict.Alarming && !verdict.Findings[0].Ongoing);
        told[30..60].ShouldAllBe(verdict => !verdict.Alarming && verdict.Findings[0].Ongoing, "usual for the last days by now: it keeps what is open and opens nothing");
    }

    [Fact]
    public void Seconds_need_four_in_a_row_and_their_minutes_are_not_told_again()
    {
        var run = new Run(cadenceMs: 1000);
        run.Ordinary(3000);
        var verdicts = Enumerable.Range(0, 70).Select(_ => run.Verdict(30, 0.4f, 9, 9, 9)).ToList();
        verdicts.FindIndex(verdict => verdict.Anomalous).ShouldBe(3);
        var minute = run.Detector.Decide(new FeatureTick(run.T - Minute, Features()), Schema, Minute, EntityMaturity.Warm, 0.5f);
        minute.Findings.ShouldBeEmpty();
    }

    [Fact]
    public void A_cold_entity_is_not_judged_and_nothing_is_learned_of_it()
    {
        var run = new Run();
        run.Ordinary(600);
        for (var i = 0; i < 10; i++)
            run.Verdict(30, 0.4f, 9, 9, 9, EntityMaturity.Cold).Anomalous.ShouldBeFalse();
        run.Verdict(30, 0.4f, 9, 9, 9);
        run.Verdict(30, 0.4f, 9, 9, 9).Anomalous.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0.5, 6.1, true)]
    [InlineData(0.5, 5.9, false)]
    [InlineData(0.75, 18.1, true)]
    [InlineData(0.75, 17.9, false)]
    [InlineData(1, 1e6, false)]
    public void A_plain_threshold_counts_on_the_scale_of_scores(double threshold, float score, bool alarm)
    {
        var run = new Run(new DetectorOptions(Threshold: threshold));
        run.Verdict(score, 0.4f, 9, 9, 9);
        run.Verdict(score, 0.4f, 9, 9, 9).Anomalous.ShouldBe(alarm);
    }

    [Fact]
    public void No_budget_no_alarm()
    {
        var run = new Run(new DetectorOptions(FalseAlarmsPerWeek: 0));
        run.Ordinary(600);
        Enumerable.Range(0, 20).Select(_ => run.Verdict(40, 0.4f, 9, 9, 9)).ShouldAllBe(verdict => !verdict.Anomalous);
    }

    [Fact]
    public void A_restored_detector_decides_as_the_original_and_outlives_its_group_model()
    {
        var run = new Run();
        run.Ordinary(600);
        run.Verdict(30, 0.4f, 9, 2, 1);
        run.Verdict(30, 0.4f, 9, 2, 1);
        run.Detector.IsOpen.ShouldBeTrue();
        var copy = Copy(run.Detector);
        for (var i = 0; i < 80; i++)
        {
            var (mine, theirs) = (run.Verdict(i % 20 < 3 ? 12 : 2, 0.4f, 7, i % 7, 1), run.Verdict(copy));
            (theirs.P, theirs.Anomalous, theirs.Changed).ShouldBe((mine.P, mine.Anomalous, mine.Changed));
            theirs.Findings.Select(finding => finding.Summary).ShouldBe(mine.Findings.Select(finding => finding.Summary));
        }
        for (var i = 0; i < 3; i++)
            run.Verdict(30, 0.4f, 9, 9, 9);
        run.Detector.IsOpen.ShouldBeTrue();
        run.Detector.Decide(new FeatureTick(run.T + Minute, Features()), Schema, Minute, EntityMaturity.Warm, 0.4f);
        run.Detector.IsOpen.ShouldBeFalse("its model is gone: the metrics decide for themselves");
    }

    static EntityDetector Copy(EntityDetector detector)
    {
        var stream = new MemoryStream();
        detector.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var copy = EntityDetector.Read(new BinaryReader(stream), new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);
        stream.Position.ShouldBe(stream.Length);
        return copy;
    }

    static float[] Features()
    {
        var features = new float[Schema.Columns.Count * FeatureSpec.Count];
        for (var i = 0; i < Schema.Columns.Count; i++)
        {
            features[(i * FeatureSpec.Count) + FeatureSpec.Value] = 0.5f;
            features[(i * FeatureSpec.Count) + FeatureSpec.Baseline] = 0.5f;
            features[(i * FeatureSpec.Count) + FeatureSpec.Scale] = 0.1f;
        }
        return features;
    }

    sealed class Run(DetectorOptions? options = null, int cadenceMs = Minute)
    {
        static readonly int[] Slots = [0, 1, 2];

        readonly SeededRandom _random = new(7);
        float[] _energies = [];
        float _joint;

        public EntityDetector Detector { get; } = new(options ?? new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);

        public long T { get; private set; } = T0;

        public void Ordinary(int rows)
        {
            for (var i = 0; i < rows; i++)
                Verdict((float)Math.Abs(2 + _random.NextGaussian()), 0.4f, 1, 1, 1).Anomalous.ShouldBeFalse();
        }

        public Verdict Verdict(float joint, float score, float queue, float cpu, float duration, EntityMaturity maturity = EntityMaturity.Warm)
        {
            (T, _joint, _energies) = (T + cadenceMs, joint, [queue, cpu, duration]);
            return Decide(Detector, score, maturity);
        }

        /// <summary>Of another detector on the same tick.</summary>
        public Verdict Verdict(EntityDetector other) => Decide(other, 0.4f, EntityMaturity.Warm);

        Verdict Decide(EntityDetector detector, float score, EntityMaturity maturity) => detector.Decide(
            new FeatureTick(T, Features()), Schema, cadenceMs, maturity, score,
            new JointEvidence
            {
                Model = "group",
                Prior = CalibrationPrior.FromScores([.. Enumerable.Range(0, 1000).Select(i => i / 250f)]),
                Score = _joint,
                Energies = _energies,
                Expected = [0.25, 0.125, double.NaN],
                ColumnOfSlot = Slots,
            });
    }
}
