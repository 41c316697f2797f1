using Forewarn.Analytics;

namespace Forewarn.Trainer.Tests.Evaluation;

public sealed class BaselineTests : IDisposable
{
    readonly LabelledFolder _data = new();

    public static TheoryData<string> Names => [.. AllKinds.Select(kind => kind.Name)];

    static IEnumerable<EvaluatedKind> AllKinds => [.. ShippedKinds.All, .. BaselineKinds.All];

    public void Dispose() => _data.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void What_comes_later_changes_nothing_before(string name)
    {
        _data.AddSeries("set", "one", 1);
        var stream = DataReader.Read([_data.Root], Cadences.AsPublished)[0].Streams[0];
        var whole = Scores(name, stream, stream.Test.Count);
        Scores(name, stream, 350).ShouldBe(whole[..350]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Missing_values_are_survived(string name)
    {
        var detector = AllKinds.Single(kind => kind.Name == name).Create(new StreamShape(2, 60_000, 0));
        detector.Fit(new MetricRows(2, [.. Enumerable.Range(0, 400).Select(i => i * 60_000L)], [.. Enumerable.Range(0, 800).Select(i => Math.Sin(i))]));
        foreach (var i in Enumerable.Range(400, 50))
            double.IsFinite(detector.Take(i * 60_000L, i % 3 == 0 ? [double.NaN, double.NaN] : [0.5, double.NaN], new double[2]).Score).ShouldBeTrue();
    }

    [Theory]
    [InlineData("isolation-forest")]
    [InlineData("windowed-gaussian")]
    [InlineData("static-threshold")]
    [InlineData("k-means-consensus")]
    [InlineData("pca-residual")]
    [InlineData("forewarn")]
    public void Metrics_that_part_are_stranger_than_the_rest(string name)
    {
        _data.AddSeries("set", "one", 1);
        var stream = DataReader.Read([_data.Root], Cadences.AsPublished)[0].Streams[0];
        var scores = Scores(name, stream, stream.Test.Count);

        // The beginning of the event: consensus models see change, not a level that stays.
        scores[300..306].Max().ShouldBeGreaterThan(Quantiles.Of(scores[..300], 0.95));
    }

    [Fact]
    public void The_upper_tail_is_what_the_tables_say()
    {
        UpperTail.Of(0).ShouldBe(0.5);
        UpperTail.Of(1).ShouldBe(0.15865525393145707, 1e-15);
        UpperTail.Of(-1).ShouldBe(0.8413447460685429, 1e-15);
        UpperTail.Of(2.999999).ShouldBe(UpperTail.Of(3.000001), 1e-7);
        UpperTail.Of(6).ShouldBe(9.865876450376946e-10, 1e-22);
    }

    [Fact]
    public void Three_of_five_open_an_alarm()
    {
        var alarm = new ThreeOfFive();
        new[] { true, false, true, false, true, false, false, true }.Select(beyond => alarm.Take(beyond))
            .ShouldBe([false, false, false, false, true, false, false, false]);
    }

    static double[] Scores(string name, LabelledStream stream, int rows)
    {
        var detector = AllKinds.Single(kind => kind.Name == name).Create(new StreamShape(stream.Test.Columns, stream.CadenceMs, stream.Probation));
        detector.Fit(stream.Training);
        var contributions = new double[stream.Test.Columns];
        return [.. Enumerable.Range(0, rows).Select(i => detector.Take(stream.Test.Times[i], stream.Test.Row(i), contributions).Score)];
    }
}
