using System.Globalization;
using System.Text;
using CsCheck;
using Forewarn.Contracts;
using V1 = Forewarn.Ingestion.Tests.RemoteWrite1;
using V2 = Forewarn.Ingestion.Tests.RemoteWrite2;

namespace Forewarn.Ingestion.Tests;

/// <summary>Buckets as they are written and exposed, against Prometheus' own quantile of what came between two points.</summary>
public sealed class ClassicHistogramTests
{
    const long Now = Write.Now;

    static readonly double[] _levels = [0.5, 0.95, 0.99];

    readonly WriteDecoder _decoder = new(1_000_000);
    readonly SeriesLayouts _layouts = new(10, 2000);
    readonly DistributionRates _rates = new(100);

    [Fact]
    public void Quantiles_are_those_of_what_came_since_the_last_point_in_whatever_order_buckets_stand()
    {
        var values = Gen.Double[-3, 30].Array[0, 40];
        Gen.Select(values, values, Gen.Int[-5, 25].HashSet[1, 10], Gen.Int[0, 1000], Gen.Bool).Sample((before, came, bounds, order, isSecond) =>
        {
            var test = new ClassicHistogramTests();
            double[] all = [.. bounds.Order().Select(bound => (double)bound), double.PositiveInfinity];
            test.Write1Or2(isSecond, 0, Shuffled(Cumulative(all, before), order)).Values.ShouldAllBe(value => double.IsNaN(value));
            var published = test.Write1Or2(isSecond, 1000, Shuffled(Cumulative(all, [.. before, .. came]), order + 1));
            ShouldBe(published, Cumulative(all, came));
        }, seed: "0N0XIzNsQ0O2", iter: 1000);
    }

    [Fact]
    public void A_histogram_that_requests_cut_is_passed_over_for_that_time_and_counted() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[0, 9], Gen.Bool, Gen.Double[0, 9].Array[1, 20]).Sample((bounds, cut, isReversed, came) =>
        {
            var test = new ClassicHistogramTests();
            double[] all = [.. Enumerable.Range(1, bounds).Select(bound => (double)bound), double.PositiveInfinity];
            cut = Math.Min(cut, all.Length);
            test.Write1Or2(false, 0, Cumulative(all, []));
            var half = Cumulative(all, came[..(came.Length / 2)]);
            (double, double)[][] parts = isReversed ? [half[cut..], half[..cut]] : [half[..cut], half[cut..]];
            var isCut = cut > 0 && cut < all.Length;
            foreach (var part in parts.Where(part => part.Length > 0))
            {
                var sink = test.Read(Request1(1000, part), isSecond: false);
                (sink.Samples, sink.IncompleteBuckets, sink.Refused).ShouldBe(isCut ? (0, part.Length, 0) : (part.Length, 0, 0));
                test.Publish(sink);
            }
            ShouldBe(test.Write1Or2(false, 2000, Cumulative(all, came)), Cumulative(all, isCut ? came : came[(came.Length / 2)..]));
        }, seed: "0N0XIzNsQ0O2", iter: 500);

    [Fact]
    public void One_that_was_cut_from_the_first_is_not_guessed()
    {
        for (var t = 0; t < 2; t++)
        {
            Write1Or2(false, t, (4, 10 * t), (double.PositiveInfinity, 10 * t)).Values.ShouldAllBe(value => double.IsNaN(value));
            Write1Or2(false, t, (1, 10 * t), (2, 10 * t)).ShouldBeEmpty();
        }
        Write1Or2(false, 2, (1, 20), (2, 20), (4, 20), (double.PositiveInfinity, 20)).Values.ShouldAllBe(value => double.IsNaN(value));
        Write1Or2(false, 3, (1, 20), (2, 30), (4, 30), (double.PositiveInfinity, 30))["d_seconds.p50"].ShouldBe(1.5);
    }

    [Fact]
    public void Other_bounds_count_when_the_old_ones_have_not_come_for_five_minutes()
    {
        Write1Or2(false, 0, (1, 0), (2, 0), (double.PositiveInfinity, 0));
        Write1Or2(false, KnownBounds.ForgottenMs, (1, 0), (4, 0), (double.PositiveInfinity, 0)).ShouldBeEmpty();
        Write1Or2(false, KnownBounds.ForgottenMs + 1, (1, 0), (4, 0), (double.PositiveInfinity, 0)).Count.ShouldBe(3);
        Write1Or2(false, KnownBounds.ForgottenMs + 2, (1, 0), (4, 9), (double.PositiveInfinity, 9))["d_seconds.p50"].ShouldBe(2.5);
    }

    [Fact]
    public void After_a_reset_what_was_counted_since_counts()
    {
        Write1Or2(false, 0, (1, 100), (2, 100), (double.PositiveInfinity, 100));
        Write1Or2(false, 1000, (1, 0), (2, 4), (double.PositiveInfinity, 4))["d_seconds.p50"].ShouldBe(1.5);
        Write1Or2(false, 2000, (1, 4), (2, 8), (double.PositiveInfinity, 8))["d_seconds.p50"].ShouldBe(0.5);
    }

    [Theory]
    [InlineData(1, 5, 2, 4, double.PositiveInfinity, 9)]
    [InlineData(1, -1, 2, 4, double.PositiveInfinity, 9)]
    [InlineData(1, 1, 2, 4, 4, 9)]
    public void Buckets_that_do_not_add_up_are_passed_over_and_counted(double bound1, double count1, double bound2, double count2, double bound3, double count3)
    {
        var sink = Read(Request1(0, [(bound1, count1), (bound2, count2), (bound3, count3)]), isSecond: false);
        (sink.Samples, sink.PassedOver, sink.IncompleteBuckets, sink.Refused).ShouldBe((0, 3, 3, 0));
        Publish(sink).ShouldBeEmpty();
    }

    [Fact]
    public void A_histogram_that_ends_leaves_a_hole()
    {
        var sink = Read(Request1(0, [(1, Write.Stale), (double.PositiveInfinity, Write.Stale)]), isSecond: false);
        sink.Samples.ShouldBe(2);
        Write.Cells(sink).ShouldBe(["e d_seconds.p50{l=v} s NaN @ 0", "e d_seconds.p95{l=v} s NaN @ 0", "e d_seconds.p99{l=v} s NaN @ 0"], ignoreOrder: true);
    }

    [Fact]
    public void Histograms_of_other_labels_and_times_in_one_request_are_told_apart()
    {
        var request = Request1(0, [(1, 0), (2, 0), (double.PositiveInfinity, 0)]);
        request.Timeseries.Add(Write.Series1("d_seconds_bucket instance=e l=w le=1", (Now, 0), (Now + 1000, 8)));
        request.Timeseries.Add(Write.Series1("d_seconds_bucket instance=e l=w le=+Inf", (Now, 0), (Now + 1000, 8)));
        request.Timeseries.Add(Write.Series1("d_seconds_count instance=e l=w", (Now, 0), (Now + 1000, 8)));
        var sink = Read(request, isSecond: false);
        sink.Samples.ShouldBe(9);
        var submission = sink.Submissions(Now).ShouldHaveSingleItem();
        MetricRow[] rows = [.. submission.Rows.Select(row => new MetricRow(row.T, [.. row.Values]))];
        _rates.Convert(submission, rows);
        var columns = submission.Schema.Columns.Select(column => column.Canonical()).ToList();
        rows[1].Values[columns.IndexOf("d_seconds.p50{l=\"w\"}")].ShouldBe(0.5);
        rows[1].Values[columns.IndexOf("d_seconds.p50{l=\"v\"}")].ShouldBe(double.NaN);
    }

    [Fact]
    public void An_exposition_has_its_quantiles_a_hole_where_they_end_and_says_what_does_not_add_up()
    {
        var target = new TargetSeries(ScrapeTarget.Of(new ScrapeJobOptions { Name = "j" }, "h:1", [])!, 100);
        Scrape(0, (1, 0), (2, 0), (double.PositiveInfinity, 0)).Values.ShouldAllBe(value => double.IsNaN(value));
        Scrape(1000, (double.PositiveInfinity, 30), (1, 0), (2, 20))["d_seconds.p50"].ShouldBe(1.75);
        // All of an exposition stand together: other bounds are other buckets at once.
        Scrape(2000, (4, 30), (double.PositiveInfinity, 30))["d_seconds.p50"].ShouldBe(double.NaN);
        Scrape(3000, (4, 40), (double.PositiveInfinity, 40))["d_seconds.p50"].ShouldBe(2);
        target.WhyRefused.ShouldBeNull();
        var holes = Scrape(4000);
        holes.Count.ShouldBe(3);
        holes.Values.ShouldAllBe(value => double.IsNaN(value));
        Scrape(5000, (4, 5)).ShouldBeEmpty();
        target.WhyRefused.ShouldNotBeNull().ShouldContain("no whole histogram");

        Dictionary<string, double> Scrape(long t, params (double Bound, double Count)[] buckets)
        {
            var text = "# TYPE d_seconds histogram\n" + string.Concat(buckets.Select(bucket => $"d_seconds_bucket{{le=\"{Bound(bucket.Bound)}\"}} {bucket.Count}\n"));
            var points = new PointCollector(Sources.Scrape, _layouts);
            target.Read(Encoding.UTF8.GetBytes(text), isOpenMetrics: false, Now + t, TimeSpan.FromDays(1), points).ShouldBeNull();
            return Values(points.Submissions(Now));
        }
    }

    [Fact]
    public void A_bound_that_is_no_number_is_passed_over()
    {
        var sink = Read(Write.Request1(Write.Series1("d_bucket instance=e le=much", (Now, 1)), Write.Series1("d_bucket instance=e le=NaN", (Now, 1))), isSecond: false);
        (sink.Samples, sink.PassedOver, sink.Refused).ShouldBe((0, 2, 0));
    }

    /// <summary>Prometheus' <c>histogram_quantile</c>, over cumulative counts.</summary>
    static double Quantile(double level, (double Bound, double Count)[] buckets)
    {
        var rank = level * buckets[^1].Count;
        var at = Array.FindIndex(buckets, bucket => bucket.Count >= rank);
        if (buckets[^1].Count == 0)
            return double.NaN;
        if (at == buckets.Length - 1)
            return buckets[^2].Bound;
        if (at == 0 && buckets[0].Bound <= 0)
            return buckets[0].Bound;
        var (start, below) = at == 0 ? (0, 0) : buckets[at - 1];
        return start + ((buckets[at].Bound - start) * (rank - below) / (buckets[at].Count - below));
    }

    static void ShouldBe(Dictionary<string, double> published, (double, double)[] came)
    {
        foreach (var level in _levels)
        {
            var (value, expected) = (published[FormattableString.Invariant($"d_seconds.p{level * 100:0}")], Quantile(level, came));
            (double.IsNaN(value) == double.IsNaN(expected) && !(Math.Abs(value - expected) > 1e-9)).ShouldBeTrue($"{level}: {value} for {expected}");
        }
    }

    static (double Bound, double Count)[] Cumulative(double[] bounds, double[] values) => [.. bounds.Select(bound => (bound, (double)values.Count(value => value <= bound)))];

    static (double, double)[] Shuffled((double, double)[] buckets, int seed)
    {
        new Random(seed).Shuffle(buckets);
        return buckets;
    }

    static string Bound(double bound) => double.IsPositiveInfinity(bound) ? "+Inf" : bound.ToString(CultureInfo.InvariantCulture);

    static V1.WriteRequest Request1(long t, (double Bound, double Count)[] buckets) =>
        Write.Request1([.. buckets.Select(bucket => Write.Series1($"d_seconds_bucket instance=e l=v le={Bound(bucket.Bound)}", (Now + t, bucket.Count)))]);

    /// <summary>Writes the buckets of one time; what is published of them.</summary>
    Dictionary<string, double> Write1Or2(bool isSecond, long t, params (double Bound, double Count)[] buckets)
    {
        if (!isSecond)
            return Publish(Read(Request1(t, buckets), isSecond));
        var request = new V2.Request();
        foreach (var (bound, count) in buckets)
            request.Series2($"d_seconds_bucket instance=e l=v le={Bound(bound)}", PromType.Histogram, "", (Now + t, count));
        return Publish(Read(request, isSecond));
    }

    WriteSink Read(Google.Protobuf.IMessage request, bool isSecond)
    {
        var sink = Write.Sink(_layouts);
        _decoder.Read(Write.Packed(request), isSecond, sink).ShouldBeNull();
        return sink;
    }

    Dictionary<string, double> Publish(WriteSink sink) => Values(sink.Submissions(Now));

    Dictionary<string, double> Values(IReadOnlyList<Submission> submissions)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var submission in submissions)
        {
            MetricRow[] rows = [.. submission.Rows.Select(row => new MetricRow(row.T, [.. row.Values]))];
            _rates.Convert(submission, rows);
            _rates.Keep();
            for (var i = 0; i < submission.Schema.Columns.Count; i++)
                values[submission.Schema.Columns[i].Name] = rows[^1].Values[i];
        }
        return values;
    }
}
