using Forewarn.Analytics;

namespace Forewarn.Trainer.Tests.Evaluation;

public sealed class EvaluationRunTests : IDisposable
{
    readonly LabelledFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_detector_that_never_fires_gets_NABs_null()
    {
        var nab = Run(LabelledFolder.Shared("nab"), _ => 0)[0].Nab.ShouldNotBeNull();
        foreach (var profile in nab)
            (profile.Leaderboard.Value, profile.Nested.Value, profile.LeaderboardOnce.Value, profile.OwnAlarms.Value).ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public void A_perfect_detector_gets_a_hundred()
    {
        var set = DataReader.Read([LabelledFolder.Shared("nab")], Cadences.AsPublished)[0];
        var starts = set.Streams.SelectMany(stream => LabelledRanges.Of(stream.Labels).Select(range => (stream.Test.Times[range.First], stream.Test.Values[range.First], stream.CadenceMs))).ToHashSet();
        var perfect = new EvaluatedKind("perfect", "knows", shape => new Scripted(shape, (t, value, cadence) => starts.Contains((t, value, cadence)) ? 1 : 0));
        foreach (var profile in Run([set], perfect)[0].Nab.ShouldNotBeNull())
        {
            profile.Leaderboard.Value.ShouldNotBeNull().ShouldBe(100, 1e-9);
            profile.Nested.Value.ShouldNotBeNull().ShouldBe(100, 1e-9);
        }
    }

    [Fact]
    public void The_windowed_Gaussian_lands_where_NABs_table_has_it()
    {
        var kind = BaselineKinds.All.Single(baseline => baseline.Name == "windowed-gaussian");
        var set = DataReader.Read([LabelledFolder.Shared("nab")], Cadences.AsPublished);
        var standard = Run(set, kind)[0].Nab.ShouldNotBeNull()[0];

        // 46.1 from NAB's published results on these 32 files, whose scores were rounded when they were stored.
        standard.Leaderboard.Value.ShouldNotBeNull().ShouldBe(46.1, 2);
    }

    [Fact]
    public void Figures_do_not_depend_on_the_order_of_work_and_are_complete()
    {
        _data.AddSeries("set", "one", 1);
        _data.AddSeries("set", "two", 2);
        _data.AddNab();
        var sets = DataReader.Read([_data.Root], Cadences.AsPublished);
        EvaluatedKind[] kinds = [.. ShippedKinds.All, .. BaselineKinds.All];
        EvaluationReport first = Report(sets, kinds), second = Report(sets, kinds);
        Comparable(first).ShouldBe(Comparable(second));

        var multivariate = first.Sets.Single(set => set.Set == "set");
        (multivariate.Series, multivariate.Points, multivariate.Events).ShouldBe((2, 1200, 2));
        var pca = multivariate.Detectors.Single(detector => detector.Detector == "pca-residual");
        pca.RecallAt10.Value.ShouldBe(1);
        pca.OwnAlarms.Recall.Value.ShouldBe(1);
        pca.OwnAlarms.MedianDelayPoints.ShouldBe(2, "three of five rows");
        pca.OwnAlarms.MedianDelayMinutes.ShouldBe(2);
        pca.VusPr.Value.ShouldNotBeNull().ShouldBeGreaterThan(0.7);
        pca.AttributionNote.ShouldBe("no ground truth");
        multivariate.Detectors.ShouldAllBe(detector => detector.Nab == null && detector.BytesPerSeries >= 0 && detector.MicrosecondsPerPoint > 0);
        first.Sets.Single(set => set.Set == "nab").Detectors.ShouldAllBe(detector => detector.Nab != null && detector.Nab.Count == 3);
    }

    [Fact]
    public void A_score_that_is_no_number_is_a_fault_with_a_name()
    {
        _data.AddSeries("set", "one", 1);
        var broken = new EvaluatedKind("broken", "", shape => new Scripted(shape, (_, _, _) => double.NaN));
        Should.Throw<EvaluationException>(() => Run(DataReader.Read([_data.Root], Cadences.AsPublished), broken)).Message.ShouldContain("broken scores row 0 of one with NaN");
    }

    [Fact]
    public void Blame_is_measured_where_the_causes_are_known()
    {
        File.WriteAllText(Path.Combine(_data.AddSeries("set", "one", 1), "causes.txt"), "300-339:2\n");
        var kind = BaselineKinds.All.Single(baseline => baseline.Name == "static-threshold");
        Run(DataReader.Read([_data.Root], Cadences.AsPublished), kind)[0].AttributionTop1.ShouldBe(1);
        File.WriteAllText(Path.Combine(_data.Root, "set", "one", "causes.txt"), "300-339:1,3\n");
        Run(DataReader.Read([_data.Root], Cadences.AsPublished), kind)[0].AttributionTop1.ShouldBe(0);
        File.WriteAllText(Path.Combine(_data.Root, "set", "one", "causes.txt"), "300-339:4\n");
        Should.Throw<EvaluationException>(() => DataReader.Read([_data.Root], Cadences.AsPublished)).Message.ShouldContain("metrics 1 to 3");
    }

    // Costs are of the moment.
    static string Comparable(EvaluationReport report) => System.Text.Json.JsonSerializer.Serialize(
        report with
        {
            Sets = [.. report.Sets.Select(set => set with { Detectors = [.. set.Detectors.Select(detector => detector with { BytesPerSeries = 0, MicrosecondsPerPoint = 0 })] })],
        },
        EvaluationJson.Default.EvaluationReport);

    static IReadOnlyList<DetectorReport> Run(string path, Func<double, double> score) =>
        Run(DataReader.Read([path], Cadences.AsPublished), new EvaluatedKind("scripted", "", shape => new Scripted(shape, (_, value, _) => score(value))));

    static IReadOnlyList<DetectorReport> Run(IReadOnlyList<LabelledSet> sets, EvaluatedKind kind) => Report(sets, [kind]).Sets[0].Detectors;

    static EvaluationReport Report(IReadOnlyList<LabelledSet> sets, EvaluatedKind[] kinds) =>
        new EvaluationRun(kinds, _ => { }, TimeProvider.System).Run(sets, earlyWarning: false, TestContext.Current.CancellationToken);

    sealed class Scripted(StreamShape shape, Func<long, double, long, double> score) : IEvaluatedDetector
    {
        public void Fit(MetricRows training)
        {
        }

        public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions) => new(score(t, values[0], shape.CadenceMs), false);
    }
}
