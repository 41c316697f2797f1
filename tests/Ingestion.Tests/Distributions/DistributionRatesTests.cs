using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests.Distributions;

public sealed class DistributionRatesTests
{
    static readonly DistributionPart[] _parts = [DistributionPart.Rate, DistributionPart.Sum, DistributionPart.P50];
    static readonly SeriesSchema _schema = SeriesSchema.Of([.. _parts.Select(part => SeriesColumn.Of($"x.{part}", "1"))]);

    readonly DistributionRates _rates = new(10);

    [Fact]
    public void The_first_point_has_no_values_and_the_next_those_of_what_came_between()
    {
        Send(Point(0, 10, 100, 10, 0)).ShouldBe([[double.NaN, double.NaN, double.NaN]]);
        Send(Point(5, 20, 115, 10, 10), Point(10, 20, 115, 10, 10)).ShouldBe([[2, 3, 1.5], [0, 0, double.NaN]]);
    }

    [Fact]
    public void What_the_broker_did_not_take_counts_when_it_is_sent_again()
    {
        Send(Point(0, 0, 0, 0, 0));
        Convert([Point(10, 20, 20, 20, 0)])[0][0].ShouldBe(2);
        _rates.Undo();
        Send(Point(10, 20, 20, 20, 0))[0][0].ShouldBe(2);
        Send(Point(10, 20, 20, 20, 0))[0][0].ShouldBe(double.NaN);
        Send(Point(20, 30, 20, 30, 0))[0][0].ShouldBe(1);
    }

    [Fact]
    public void A_smaller_count_a_smaller_bucket_or_a_later_start_is_a_reset_and_an_earlier_start_is_passed_over()
    {
        Send(Point(0, 10, 10, 10, 0, start: 5));
        Send(Point(10, 5, 5, 5, 0, start: 5))[0][0].ShouldBe(0.5);
        Send(Point(20, 7, 5, 0, 7, start: 5))[0][0].ShouldBe(0.7);
        Send(Point(30, 100, 5, 50, 50, start: 6))[0][0].ShouldBe(10);
        Send(Point(40, 200, 5, 100, 100, start: 5))[0][0].ShouldBe(double.NaN);
        Send(Point(50, 200, 5, 100, 100, start: 6))[0][0].ShouldBe(5);
    }

    [Fact]
    public void A_sum_of_negative_values_may_fall()
    {
        Send(Point(0, 1, -5, 1, 0));
        Send(Point(10, 2, -25, 2, 0))[0][1].ShouldBe(-2);
    }

    [Fact]
    public void Over_an_hour_nothing_is_said_and_no_more_are_remembered_than_an_entity_may_have()
    {
        Send(Point(0, 1, 1, 1, 0));
        Send(Point(3601, 100, 1, 100, 0))[0][0].ShouldBe(double.NaN);
        for (var i = 0; i < 30; i++)
            Send(Point(3602, 1, 1, 1, 0) with { Id = $"d{i}" });
        _rates.Count.ShouldBe(10);
        Send(Point(9000, 1, 1, 1, 0));
        _rates.Count.ShouldBe(1);
    }

    [Fact]
    public void Parts_in_several_messages_say_the_same_of_each_point()
    {
        Send(Point(0, 0, 0, 0, 0));
        var points = new[] { Point(10, 10, 20, 10, 0), Point(20, 40, 50, 40, 0) };
        var (first, second) = (Convert(points, 0, 1), Convert(points, 2, 3));
        first.Select(row => row[0]).ShouldBe([1, 3]);
        second.Select(row => row[2]).ShouldBe([0.5, 0.5]);
    }

    [Fact]
    public void However_points_come_and_fail_what_was_counted_is_published_once() =>
        Gen.Select(Gen.Int[0, 20], Gen.Bool, Gen.Bool).Array[1, 40].Sample(steps =>
        {
            var rates = new DistributionRates(10);
            var (t, count, published, first) = (0, 0.0, 0.0, double.NaN);
            foreach (var (came, fails, repeats) in steps)
            {
                (t, count) = (t + 10, count + came);
                first = double.IsNaN(first) ? count : first;
                var point = Point(t, count, count, count, 0);
                if (fails)
                {
                    Convert([point], 0, 3, rates);
                    rates.Undo();
                }
                for (var sent = 0; sent < (repeats ? 2 : 1); sent++)
                {
                    var rate = Convert([point], 0, 3, rates)[0][0];
                    rates.Keep();
                    published += double.IsNaN(rate) ? 0 : rate * 10;
                }
            }
            published.ShouldBe(count - first, 1e-6);
        }, seed: "0N0XIzNsQ0O2", iter: 500);

    double[][] Send(params Distribution[] points)
    {
        var rows = Convert(points);
        _rates.Keep();
        return rows;
    }

    double[][] Convert(Distribution[] points, int from = 0, int to = 3, DistributionRates? rates = null)
    {
        MetricRow[] rows = [.. points.Select(point => new MetricRow(point.T, [double.NaN, double.NaN, double.NaN]))];
        var cells = points.SelectMany(point => Enumerable.Range(from, to - from).Select(i => new DistributionCell(i, _parts[i], point)));
        (rates ?? _rates).Convert(new Submission("e", _schema, rows, "otlp") { Distributions = [.. cells] }, rows);
        return [.. rows.Select(row => row.Values)];
    }

    static Distribution Point(int seconds, double count, double sum, double low, double high, long start = 0) =>
        new("x", seconds * 1000L, start, count, sum, new ExplicitBuckets([1, 2], [low, high, 0]));
}
