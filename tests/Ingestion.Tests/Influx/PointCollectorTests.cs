using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

public sealed class PointCollectorTests
{
    [Fact]
    public void Every_sample_is_in_the_table_of_its_entity_and_group_once_and_the_later_one_of_two_counts()
    {
        var sample = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 4], Gen.Long[0, 5], Gen.Double[-5, 5]);
        sample.Array[0, 60].Sample(samples =>
        {
            var points = new PointCollector("influx", 100);
            var expected = new Dictionary<(string, string, string, long), double>();
            foreach (var (entity, group, series, t, value) in samples)
            {
                points.Add($"e{entity}", $"g{group}", SeriesColumn.Of($"g{group}.s{series}", "1"), t, value).ShouldBeNull();
                expected[($"e{entity}", $"g{group}", $"g{group}.s{series}", t)] = value;
            }
            var submissions = points.Submissions();
            submissions.ShouldAllBe(submission => submission.Rows.Select(row => row.T).SequenceEqual(submission.Rows.Select(row => row.T).Distinct().Order()));
            var found = submissions.SelectMany(submission => submission.Rows.SelectMany(row => row.Values.Select((value, i) =>
                (Key: (submission.Entity, submission.Schema.Columns[i].Name[..2], submission.Schema.Columns[i].Name, row.T), value)))).Where(pair => !double.IsNaN(pair.value)).ToDictionary(pair => pair.Key, pair => pair.value);
            found.ShouldBe(expected, ignoreOrder: true);
        }, seed: "0N0XIzNsQ0O2", iter: 500);
    }

    [Fact]
    public void Too_many_series_of_an_entity_or_places_of_a_request_are_refused()
    {
        var few = new PointCollector("influx", 2);
        few.Add("e", "g", SeriesColumn.Of("a", "1"), 0, 1).ShouldBeNull();
        few.Add("e", "g", SeriesColumn.Of("b", "1"), 0, 1).ShouldBeNull();
        few.Add("e", "g", SeriesColumn.Of("c", "1"), 0, 1).ShouldNotBeNull().ShouldContain("INGESTION__MAXSERIESPERENTITY");

        // A diagonal of two tables: few samples, many places.
        var sparse = new PointCollector("influx", 3000);
        var refusals = Enumerable.Range(0, 5_000).Select(i => sparse.Add($"e{i % 2}", "g", SeriesColumn.Of($"s{i / 2}", "1"), i, 1)).ToList();
        refusals.ShouldContain(refusal => refusal != null && refusal.Contains("send it in parts", StringComparison.Ordinal));
        refusals.Take(1_000).ShouldAllBe(refusal => refusal == null);
    }

    [Theory]
    [InlineData("web-1", "web-1")]
    [InlineData("web 1 (x)", "web_1__x_")]
    [InlineData("\u00e9t\u00e9", "_t_")]
    public void Entities_of_others_get_names_that_are_allowed(string name, string tidy) => Tidy.Entity(name).ShouldBe(tidy);

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("1m", "_1m")]
    [InlineData("a b", "a_b")]
    [InlineData("", "_")]
    public void So_do_series(string name, string tidy) => Tidy.Name(name).ShouldBe(tidy);
}
