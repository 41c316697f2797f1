using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

public sealed class PointCollectorTests
{
    const long Day = 86_400_000;

    readonly SeriesLayouts _layouts = new(100, 1000);

    [Fact]
    public void Every_sample_is_in_a_table_of_its_entity_once_and_the_later_one_of_two_counts()
    {
        var sample = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 4], Gen.Long[0, 5], Gen.Double[-5, 5]);
        sample.Array[0, 60].Sample(samples =>
        {
            var points = new PointCollector("influx", _layouts);
            var expected = new Dictionary<(string, string, long), double>();
            foreach (var (entity, group, series, t, value) in samples)
            {
                points.Add(Series($"e{entity}", $"g{group}", $"g{group}.s{series}"), t, value);
                expected[($"e{entity}", $"g{group}.s{series}", t)] = value;
            }
            var submissions = points.Submissions(0);
            submissions.ShouldAllBe(submission => submission.Rows.Select(row => row.T).SequenceEqual(submission.Rows.Select(row => row.T).Distinct().Order()));
            Cells(submissions).ShouldBe(expected, ignoreOrder: true);
            points.WhyRejected.ShouldBeNull();
        }, seed: "0N0XIzNsQ0O2", iter: 500);
    }

    [Fact]
    public void However_a_sender_cuts_its_series_into_requests_their_tables_stay_the_same_once_all_are_known()
    {
        var all = Enumerable.Range(0, 600).Select(i => $"s{i}").ToArray();
        Collect(all);
        var known = Collect(all).Select(submission => submission.Schema.Hash).Order(StringComparer.Ordinal).ToArray();
        known.Length.ShouldBe(3);

        Gen.Int[1, 599].Array[2].Sample(cuts =>
        {
            var (from, to) = (Math.Min(cuts[0], cuts[1]), Math.Max(cuts[0], cuts[1]));
            foreach (var part in new[] { all[..from], all[from..to], all[to..] })
                Collect(part).Select(submission => submission.Schema.Hash).ShouldBeSubsetOf(known);
        }, seed: "0N0XIzNsQ0O2", iter: 50);
    }

    [Fact]
    public void The_order_of_new_series_does_not_matter_so_that_entities_with_the_same_ones_share_a_schema()
    {
        var names = Enumerable.Range(0, 40).Select(i => $"s{i}").ToArray();
        Collect(names, "a").Single().Schema.Hash.ShouldBe(Collect([.. names.Reverse()], "b").Single().Schema.Hash);
    }

    [Fact]
    public void Series_beyond_the_limit_are_rejected_by_name_and_the_others_taken()
    {
        var few = new PointCollector("influx", new SeriesLayouts(2, 2));
        foreach (var (entity, name) in new[] { ("e", "a"), ("e", "b"), ("e", "c"), ("f", "a"), ("g", "a") })
            few.Add(Series(entity, "g", name), 0, 1);
        Cells(few.Submissions(0)).Count.ShouldBe(3);
        few.Rejected.ShouldBe(2);
        few.WhyRejected.ShouldNotBeNull().ShouldContain("INGESTION__MAX");
    }

    [Fact]
    public void Names_that_came_and_went_make_room_after_a_day()
    {
        var layouts = new SeriesLayouts(1, 2);
        PointCollector Take(long now, params string[] names)
        {
            var points = new PointCollector("influx", layouts);
            foreach (var name in names)
                points.Add(Series("e", "g", name), now, 1);
            points.Submissions(now);
            return points;
        }
        Take(0, "a", "b").Rejected.ShouldBe(0);
        Take(Day, "a", "c").Rejected.ShouldBe(1);
        Take(Day + 1, "a", "c").Rejected.ShouldBe(0);
        Take(Day + 2, "b").Rejected.ShouldBe(1);
    }

    [Fact]
    public void A_request_of_few_samples_cannot_ask_for_gigabytes()
    {
        var sparse = new PointCollector("influx", new SeriesLayouts(2, 3000));
        for (var i = 0; i < 100_000; i++)
            sparse.Add(Series("e", "g", $"s{i % 256}"), i, 1);
        sparse.Submissions(0).Sum(submission => (long)submission.Rows.Count * submission.Schema.Columns.Count).ShouldBeLessThanOrEqualTo(8_000_000);
        sparse.WhyRejected.ShouldNotBeNull().ShouldContain("send it in parts");
    }

    [Fact]
    public void Counters_are_marked_with_the_time_their_count_began()
    {
        var points = new PointCollector("otlp", _layouts);
        points.Add(new SentSeries("e", "g", SeriesColumn.Of("level", "1")), 5, 1);
        points.Add(new SentSeries("e", "g", SeriesColumn.Of("count", "1/s"), isCounter: true), 5, 7, startMs: 3);
        var submission = points.Submissions(5).Single();
        var column = submission.Schema.Columns.ToList().FindIndex(one => one.Name == "count");
        submission.Counting.ShouldNotBeNull()[column].ShouldBe(new Counting(true, 3));
        submission.Counting[1 - column].IsCounter.ShouldBeFalse();
    }

    [Fact]
    public void A_series_whose_unit_turns_out_to_be_another_takes_its_block_to_a_new_schema()
    {
        Collect(["a", "b"]);
        var points = new PointCollector("influx", _layouts);
        points.Add(new SentSeries("e", "g", SeriesColumn.Of("a", "1/s"), isCounter: true), 1, 1);
        points.Submissions(0).Single().Schema.Columns.ShouldHaveSingleItem().Unit.ShouldBe("1/s");
        points.Rejected.ShouldBe(0);
        Collect(["b"]).Single().Schema.Columns.Select(column => $"{column.Name} {column.Unit}").ShouldBe(["a 1/s", "b 1"]);
    }

    IReadOnlyList<Submission> Collect(IReadOnlyList<string> names, string entity = "e")
    {
        var points = new PointCollector("influx", _layouts);
        foreach (var name in names)
            points.Add(Series(entity, "g", name), 1, 1);
        return points.Submissions(0);
    }

    static SentSeries Series(string entity, string group, string name) => new(entity, group, SeriesColumn.Of(name, "1"));

    static Dictionary<(string, string, long), double> Cells(IReadOnlyList<Submission> submissions) =>
        submissions.SelectMany(submission => submission.Rows.SelectMany(row => row.Values.Select((value, i) =>
            (Key: (submission.Entity, submission.Schema.Columns[i].Name, row.T), Value: value)))).Where(pair => !double.IsNaN(pair.Value)).ToDictionary(pair => pair.Key, pair => pair.Value);
}
