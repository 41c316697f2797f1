using Forewarn.Analytics;

namespace Forewarn.Trainer.Tests.Evaluation;

public sealed class EvaluationRunTests : IDisposable
{
    readonly LabelledFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_detector_that_never_fires_gets_NABs_null()
    {
        foreach (var curve in Curves(_ => new EvaluatedKind("never", "", shape => new Scripted(shape, (_, _, _) => 0))))
        {
            foreach (var profile in NabProfile.All)
                curve.Leaderboard(profile).ShouldBe(new NabPoint(double.PositiveInfinity, 0));
        }
    }

    [Fact]
    public void A_perfect_detector_gets_a_hundred()
    {
        foreach (var curve in Curves(Perfect))
        {
            foreach (var profile in NabProfile.All)
                curve.Leaderboard(profile).Score.ShouldBe(100, 1e-9);
        }

        static EvaluatedKind Perfect(LabelledStream stream)
        {
            var starts = LabelledRanges.Of(stream.Labels).Select(range => stream.Test.Times[range.First]).ToHashSet();
            return new EvaluatedKind("perfect", "", shape => new Scripted(shape, (t, _, _) => starts.Contains(t) ? 1 : 0));
        }
    }

    [Fact]
    public void The_windowed_Gaussian_lands_where_NABs_table_has_it()
    {
        // 46.1 from NAB's published results on these 32 files, which hold scores of twelve digits: farther out all are one.
        var rounded = Series(_ => BaselineKinds.All.Single(baseline => baseline.Name == "windowed-gaussian"))
            .Select(series => new NabSeries([.. series.Scores.Select(score => Math.Round(score, 12))], series.Windows));
        new NabSweep([.. rounded]).Leaderboard(NabProfile.Standard).Score.ShouldBe(46.1, 0.05);
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

    static NabCurve[] Curves(Func<LabelledStream, EvaluatedKind> kindFor)
    {
        var series = Series(kindFor);
        return [new NabSweep(series), new NabRefractory(series)];
    }

    static NabSeries[] Series(Func<LabelledStream, EvaluatedKind> kindFor)
    {
        var set = DataReader.Read([LabelledFolder.Shared("nab")], Cadences.AsPublished)[0];
        return InParallel.Select(set.Streams, stream => StreamOutcome.Of(kindFor(stream), stream, isNab: true, TestContext.Current.CancellationToken).Nab!);
    }

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
