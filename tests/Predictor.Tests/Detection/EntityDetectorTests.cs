using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

public sealed class EntityDetectorTests
{
    const long T0 = 1_772_366_400_000;

    [Fact]
    public void Cpu_saturation_opens_once_names_the_metric_and_closes()
    {
        foreach (var seed in (int[])[1, 2, 3])
        {
            var host = new SimulatedHost(seed);
            var run = new Run(host);
            run.Seconds(300);
            run.Opened.ShouldBe(0, $"seed {seed}: {run.Told.FirstOrDefault().Finding?.Summary}");
            host.Runaway = 0.9;
            run.Seconds(30);
            host.Runaway = 0;
            run.Seconds(120);

            run.Opened.ShouldBe(1, $"seed {seed}");
            run.Closed.ShouldBe(1, $"seed {seed}");
            (run.Told[0].T - T0).ShouldBeLessThan(315_000);
            run.Told[0].Finding.Kind.ShouldBeOneOf(DetectionKind.Joint, DetectionKind.Level);
            var finding = run.Told.First(told => told.Finding.Kind == DetectionKind.Joint).Finding;
            (finding.Since - T0).ShouldBeInRange(299_000, 310_000);
            finding.Contributors[0].Name.ShouldStartWith("system.cpu");
            finding.Summary.ShouldStartWith("system.cpu.");
            finding.Summary.ShouldMatch(@"at [\d.]+ %, normally [\d.]+ to [\d.]+ %; \d+ more metrics are off; (seen on|estimated) (less than )?1 in ");
            run.Told.ShouldAllBe(told => told.T - T0 <= 345_000, "nothing is told after it is over");
        }
    }

    [Fact]
    public void A_memory_leak_is_forecast_before_memory_is_full()
    {
        var host = new SimulatedHost(4);
        var run = new Run(host);
        run.Seconds(300);
        host.LeakPerSecond = 0.001;
        run.Seconds(560);
        var predicted = run.Told.Where(told => told.Finding.Kind == DetectionKind.PredictedBreach).ToList();
        predicted.ShouldNotBeEmpty();
        var (t, first) = predicted[0];
        first.Summary.ShouldStartWith("system.memory.utilization (used) reaches 100 % in about ");
        var full = T0 + ((300 + 600) * 1000L);
        (full - t).ShouldBeGreaterThan(240_000, "at least four minutes before");
        var due = t + (first.Forecast!.MedianSeconds * 1000);
        Math.Abs(due - full).ShouldBeLessThan(0.35 * (full - t));
        first.Contributors.Single().Name.ShouldBe("system.memory.utilization");
    }

    [Fact]
    public void A_forecast_that_comes_true_is_told_on_the_tick_and_a_restart_ends_it()
    {
        var host = new SimulatedHost(4);
        var run = new Run(host);
        run.Seconds(300);
        host.LeakPerSecond = 0.001;
        while (host.Memory < 1)
            run.Seconds(1);
        var (t, reached) = run.Told.Last(told => told.Finding.Kind == DetectionKind.PredictedBreach);
        t.ShouldBe(run.Last.T);
        (reached.Forecast!.Course, reached.Ongoing, reached.Since).ShouldBe((ForecastCourse.Reached, false, run.Told.First(told => told.Finding.Forecast is not null).T));
        reached.Summary.ShouldBe("system.memory.utilization (used) has reached its limit of 100 %");
        run.Seconds(20);

        (host.LeakPerSecond, host.Memory) = (0, 0.4);
        run.Told.Clear();
        run.Seconds(120);
        var breaches = run.Told.Where(told => told.Finding.Kind == DetectionKind.PredictedBreach).Select(told => told.Finding).ToList();
        breaches[^1].Forecast!.Course.ShouldBe(ForecastCourse.Reset);
        breaches[^1].Ongoing.ShouldBeTrue("it keeps an incident open and opens none");
        breaches.Count(finding => finding.Forecast!.Course == ForecastCourse.Reset).ShouldBe(1);
    }

    [Fact]
    public void Normal_behaviour_stays_quiet()
    {
        var opened = 0;
        for (var seed = 10; seed < 14; seed++)
        {
            var run = new Run(new SimulatedHost(seed));
            run.Seconds(3600);
            opened += run.Opened;
            run.Told.Where(told => told.Finding.Kind == DetectionKind.PredictedBreach).ShouldBeEmpty();
        }
        opened.ShouldBe(0);
    }

    [Fact]
    public void A_cold_entity_is_not_judged()
    {
        var host = new SimulatedHost(5) { Runaway = 0.9 };
        var run = new Run(host, new DetectorOptions(Threshold: 0));
        run.Seconds(20);
        run.Told.ShouldBeEmpty();
        run.Seconds(5);
        run.Told.ShouldNotBeEmpty("warm enough, and the threshold calls everything strange");
    }

    [Fact]
    public void A_plain_threshold_overrides_the_budget()
    {
        var host = new SimulatedHost(6);
        var never = new Run(host, new DetectorOptions(Threshold: 1));
        never.Seconds(300);
        host.Runaway = 0.9;
        never.Seconds(60);
        never.Opened.ShouldBe(0);
    }

    [Fact]
    public void While_it_lasts_it_is_told_at_most_once_a_second()
    {
        var host = new SimulatedHost(7);
        var run = new Run(host);
        run.Seconds(300);
        host.Runaway = 0.9;
        run.Seconds(20);
        run.Told.Count.ShouldBeInRange(3, 20);
        run.Told.Select(told => told.T).ShouldBeUnique();
    }

    [Fact]
    public void A_minute_does_not_open_again_what_its_seconds_have_told()
    {
        var host = new SimulatedHost(8);
        var options = new DetectorOptions();
        var detector = new EntityDetector(options, TestModel.Shared.Version, TestModel.Shared.Prior);
        var run = new Run(host, options, detector);
        run.Seconds(300);
        host.Runaway = 0.9;
        run.Seconds(130);
        run.Opened.ShouldBe(1);

        // The minutes 300 to 360 and 360 to 420 come to their end and are as strange as they can be.
        var strange = new FeatureTick(T0 + 300_000, run.Last.Features);
        detector.Decide(strange, SimulatedHost.Schema, 60_000, EntityMaturity.Warm, 0.99f).Findings.ShouldBeEmpty();
        var second = detector.Decide(strange with { T = T0 + 360_000 }, SimulatedHost.Schema, 60_000, EntityMaturity.Warm, 0.99f);
        second.Anomalous.ShouldBeTrue();
        second.Findings.ShouldBeEmpty();

        // A minute that its seconds had nothing to say about is told.
        detector.Decide(strange with { T = T0 + 480_000 }, SimulatedHost.Schema, 60_000, EntityMaturity.Warm, 0.99f).Findings.Count.ShouldBe(1);
    }

    [Fact]
    public void Another_model_starts_calibration_anew_and_keeps_the_rest()
    {
        var run = new Run(new SimulatedHost(9));
        run.Seconds(200);
        var other = new TestModel(seed: 2);
        run.Detector.UseModel(other.Version, other.Prior);
        run.Detector.Model.ShouldBe(other.Version);
        run.Detector.IsNew(1000, run.Last.T).ShouldBeFalse();
        var fresh = new EntityDetector(new DetectorOptions(), other.Version, other.Prior);
        var next = run.Last with { T = run.Last.T + 1000 };
        run.Detector.Decide(next, SimulatedHost.Schema, 1000, EntityMaturity.Warm, 0.5f).P
            .ShouldBe(fresh.Decide(next, SimulatedHost.Schema, 1000, EntityMaturity.Warm, 0.5f).P);
    }

    [Fact]
    public void A_restored_detector_decides_as_the_original()
    {
        var host = new SimulatedHost(11);
        var run = new Run(host);
        run.Seconds(290);
        host.Runaway = 0.9;
        run.Seconds(20);
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        run.Detector.Write(writer);
        bytes.Position = 0;
        using var reader = new BinaryReader(bytes);
        var copy = EntityDetector.Read(reader, new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);
        bytes.Position.ShouldBe(bytes.Length);
        for (var i = 0; i < 60; i++)
        {
            var tick = host.Next(T0);
            var score = Run.Score(tick);
            var expected = run.Detector.Decide(tick, SimulatedHost.Schema, 1000, EntityMaturity.Warm, score);
            var actual = copy.Decide(tick, SimulatedHost.Schema, 1000, EntityMaturity.Warm, score);
            (actual.P, actual.Anomalous, actual.Changed).ShouldBe((expected.P, expected.Anomalous, expected.Changed));
            actual.Findings.Select(finding => (finding.Kind, finding.Since, finding.Summary))
                .ShouldBe(expected.Findings.Select(finding => (finding.Kind, finding.Since, finding.Summary)));
        }
    }

    [Fact]
    public void The_budget_decides_how_improbable_a_tick_must_be()
    {
        AlarmLevel.PValue(2, CadenceRules.Ticks).ShouldBe(30.0 / 604_800, 1e-12);
        AlarmLevel.PValue(2, CadenceRules.Minutes).ShouldBe(180.0 / 604_800, 1e-12);
        AlarmLevel.PValue(4, CadenceRules.Ticks).ShouldBe(2 * AlarmLevel.PValue(2, CadenceRules.Ticks));
    }

    sealed class Run(SimulatedHost host, DetectorOptions? options = null, EntityDetector? detector = null)
    {
        public EntityDetector Detector { get; } = detector ?? new EntityDetector(options ?? new DetectorOptions(), TestModel.Shared.Version, TestModel.Shared.Prior);
        public List<(long T, Finding Finding)> Told { get; } = [];
        public int Opened { get; private set; }
        public int Closed { get; private set; }
        public FeatureTick Last { get; private set; } = null!;

        public void Seconds(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var maturity = host.Maturity;
                Last = host.Next(T0);
                var verdict = Detector.Decide(Last, SimulatedHost.Schema, 1000, maturity, Score(Last));
                Opened += verdict is { Changed: true, Anomalous: true } ? 1 : 0;
                Closed += verdict is { Changed: true, Anomalous: false } ? 1 : 0;
                Told.AddRange(verdict.Findings.Select(finding => (Last.T, finding)));
            }
        }

        public static float Score(FeatureTick tick)
        {
            Span<float> row = stackalloc float[Analytics.RowSpec.Count];
            Span<float> score = stackalloc float[1];
            EntityDetector.Prepare(tick, SimulatedHost.Schema.Columns.Count, row);
            TestModel.Shared.Scorer.Score(row, 1, score);
            return score[0];
        }
    }
}
