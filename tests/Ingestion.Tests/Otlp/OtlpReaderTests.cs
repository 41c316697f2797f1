using System.Globalization;
using System.Text;
using Forewarn.Contracts;
using Google.Protobuf;

namespace Forewarn.Ingestion.Tests.Otlp;

/// <summary>Our reader against messages that Google's writer made.</summary>
public sealed class OtlpReaderTests
{
    const long Now = 1_800_000_000_000;

    readonly OtlpIdentities _identities = new([]);
    readonly SeriesLayouts _layouts = new(10_000, 10_000);

    [Fact]
    public void Gauges_and_sums_are_read_as_they_were_written()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var request = OtlpRandom.One(new Random(seed), Now);
            OnlyNumbers(request);
            var expected = Expected(request);
            var (samples, reader) = Read(request.ToByteArray());
            samples.ShouldBe(expected.Values, ignoreOrder: true, $"seed {seed}");
            (reader.Points - reader.Rejected).ShouldBe(Taken(request), $"seed {seed}");
        }
    }

    [Fact]
    public void JSON_says_the_same_as_protobuf()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var request = OtlpRandom.One(new Random(seed), Now);
            OtlpJson.Transcode(Encoding.UTF8.GetBytes(OtlpRandom.Json(request)), out var transcoded).ShouldBeNull($"seed {seed}");
            var (samples, reader) = Read(transcoded.Span);
            var (expected, expectedReader) = Read(request.ToByteArray());
            samples.ShouldBe(expected, ignoreOrder: true, $"seed {seed}");
            reader.Rejected.ShouldBe(expectedReader.Rejected);
        }
    }

    [Fact]
    public void Fields_in_another_order_and_numbers_that_are_not_packed_mean_the_same()
    {
        var point = new WireWriter().Begin(7).Text(1, "a").Begin(2).Text(1, "x").End().End()
            .Fixed64(3, OtlpMessages.Nanoseconds(Now))
            .Begin(7).Text(1, "b").Begin(2).Text(1, "y").End().End().Fixed64(6, 5).Written;
        var histogram = new WireWriter().Fixed64(3, OtlpMessages.Nanoseconds(Now)).Fixed64(2, OtlpMessages.Nanoseconds(Now - 1000)).Fixed64(4, 4)
            .Fixed64(6, 4).Fixed64(6, 0).Fixed64(7, BitConverter.DoubleToUInt64Bits(2)).Written;
        var request = new WireWriter().Begin(1)
            .Begin(2)
            .Begin(2).Begin(5).Bytes(1, point.Span).End().Text(1, "late.name").End()
            .Begin(2).Begin(9).Bytes(1, histogram.Span).Varint(2, 1).End().Text(1, "h").End()
            .End()
            .Begin(1).Begin(1).Text(1, "service.name").Begin(2).Text(1, "behind").End().End().End()
            .End().Written;

        var (samples, _) = Read(request.Span);

        samples.ShouldBe(
        [
            $"behind late.name{{a=\"x\",b=\"y\"}} {Now} 5",
            $"behind h.rate {Now} 4", $"behind h.p50 {Now} 1", $"behind h.p95 {Now} 1.9", $"behind h.p99 {Now} 1.98",
        ], ignoreOrder: true);
    }

    [Fact]
    public void What_is_no_number_of_buckets_or_bounds_is_rejected()
    {
        var wrong = OtlpMessages.Buckets(Now, Now - 1000, 1, 1, 2, 3);
        var falling = OtlpMessages.Buckets(Now, Now - 1000, 1, 1, 2, 3, 4);
        falling.ExplicitBounds[1] = 0.5;
        var many = new ExponentialHistogramDataPoint { TimeUnixNano = OtlpMessages.Nanoseconds(Now), Positive = new() { BucketCounts = { new ulong[5000] } } };
        var request = OtlpMessages.Request("h", OtlpMessages.Histogram("h", OtlpMessages.Cumulative, wrong, falling), new Metric
        {
            Name = "e",
            ExponentialHistogram = new() { AggregationTemporality = OtlpMessages.Cumulative, DataPoints = { many } },
        });
        var (samples, reader) = Read(request.ToByteArray());
        samples.ShouldBeEmpty();
        reader.Rejected.ShouldBe(3);
        reader.Message.ShouldBe("h has 3 buckets between 3 bounds");
    }

    [Fact]
    public void A_summary_gives_its_quantiles_and_its_rates()
    {
        var point = new SummaryDataPoint { TimeUnixNano = OtlpMessages.Nanoseconds(Now), Count = 5, Sum = 10 };
        foreach (var (level, value) in new[] { (0.0, 0.5), (0.5, 1.0), (0.999, 3.0), (1.0, 4.0) })
            point.QuantileValues.Add(new SummaryDataPoint.Types.ValueAtQuantile { Quantile = level, Value = value });
        var (samples, _) = Read(OtlpMessages.Request("s", new Metric { Name = "q", Unit = "s", Summary = new() { DataPoints = { point } } }).ToByteArray());
        samples.ShouldBe(
        [
            $"s q.min {Now} 0.5", $"s q.p50 {Now} 1", $"s q.p99.9 {Now} 3", $"s q.max {Now} 4", $"s q.rate {Now} Rate 5 10", $"s q.sum {Now} Sum 5 10",
        ], ignoreOrder: true);
    }

    [Theory]
    [InlineData("checkout", "service.name=checkout")]
    [InlineData("shop/checkout@c-1", "service.name=checkout service.namespace=shop service.instance.id=c-1 host.name=web")]
    [InlineData("checkout@web", "service.name=checkout service.instance.id=0b0e9f3e-6a3b-4d4e-9d6c-0d2c4c6d8e10 host.name=web")]
    [InlineData("checkout@pod-7", "service.name=checkout k8s.pod.name=pod-7 host.name=web")]
    [InlineData("checkout@0b0e9f3e-6a3b-4d4e-9d6c-0d2c4c6d8e10", "service.name=checkout service.instance.id=0b0e9f3e-6a3b-4d4e-9d6c-0d2c4c6d8e10")]
    [InlineData("web", "host.name=web os.type=linux")]
    [InlineData("prod/pod-7", "k8s.pod.name=pod-7 k8s.namespace.name=prod k8s.node.name=n1")]
    [InlineData("prod/pod-7/app", "k8s.pod.name=pod-7 k8s.namespace.name=prod k8s.container.name=app")]
    [InlineData("mine", "forewarn.entity=mine service.name=checkout")]
    [InlineData("otlp", "colour=red")]
    [InlineData("check_out", "service.name=check+out")]
    public void An_entity_is_named_by_its_resource(string entity, string attributes) =>
        OtlpResource.EntityOf(Attributes(attributes)).ShouldBe(entity);

    [Theory]
    [InlineData("", "service.name=checkout team=a k8s.node.name=n1")]
    [InlineData("team", "service.name=checkout team=a", "team")]
    [InlineData("postgresql.table.name", "host.name=web postgresql.table.name=orders os.type=linux")]
    [InlineData("process.executable.name process.pid", "host.name=web process.pid=7 process.executable.name=nginx process.command_line=x")]
    public void Resource_attributes_are_labels_where_they_tell_series_apart(string labels, string attributes, params string[] listed) =>
        OtlpResource.LabelsOf(Attributes(attributes), listed).Keys.Order(StringComparer.Ordinal).ShouldBe(labels.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    static SortedDictionary<string, string> Attributes(string pairs) =>
        new(pairs.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal), StringComparer.Ordinal);

    static void OnlyNumbers(ExportMetricsServiceRequest request)
    {
        foreach (var scope in request.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics))
        {
            var numbers = scope.Metrics.Where(metric => metric.Gauge is not null || metric.Sum is not null).ToList();
            scope.Metrics.Clear();
            scope.Metrics.AddRange(numbers);
        }
    }

    static IEnumerable<(string Entity, Metric Metric, NumberDataPoint Point)> Numbers(ExportMetricsServiceRequest request) =>
        from resource in request.ResourceMetrics
        let attributes = resource.Resource.Attributes.Where(pair => Text(pair.Value).Length > 0).GroupBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => Text(pair.Last().Value))
        from scope in resource.ScopeMetrics
        from metric in scope.Metrics
        from point in metric.Gauge?.DataPoints ?? metric.Sum.DataPoints
        select (OtlpResource.EntityOf(attributes) + "\n" + string.Join('\n', OtlpResource.LabelsOf(attributes, []).Select(label => $"{label.Key}={label.Value}")), metric, point);

    static bool IsTaken(Metric metric, NumberDataPoint point) =>
        point.TimeUnixNano / 1_000_000 is var t && t <= Now + 3_600_000 && t >= Now - (ulong)TimeSpan.FromDays(30).TotalMilliseconds
        && (point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt || double.IsFinite(point.AsDouble))
        && metric.Sum?.AggregationTemporality != AggregationTemporality.Unspecified
        && (metric.Sum?.AggregationTemporality != AggregationTemporality.Delta || (point.StartTimeUnixNano != 0 && point.StartTimeUnixNano < point.TimeUnixNano));

    static long Taken(ExportMetricsServiceRequest request) => Numbers(request).Count(one =>
        IsTaken(one.Metric, one.Point) || ((one.Point.Flags & 1) != 0 && one.Metric.Sum?.AggregationTemporality != AggregationTemporality.Unspecified));

    static Dictionary<string, string> Expected(ExportMetricsServiceRequest request)
    {
        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (resource, metric, point) in Numbers(request).Where(one => IsTaken(one.Metric, one.Point) && (one.Point.Flags & 1) == 0))
        {
            var value = point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
            if (metric.Sum?.AggregationTemporality == AggregationTemporality.Delta)
                value /= (point.TimeUnixNano - point.StartTimeUnixNano) / 1e9;
            var lines = resource.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in lines.Skip(1))
                labels[line[..line.IndexOf('=', StringComparison.Ordinal)]] = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
            foreach (var pair in point.Attributes.Where(pair => Text(pair.Value).Length > 0))
                labels[pair.Key] = Text(pair.Value);
            var key = FormattableString.Invariant($"{lines[0]} {Contracts.SeriesColumn.Of(metric.Name, "1", labels).Canonical()} {point.TimeUnixNano / 1_000_000}");
            expected[key] = FormattableString.Invariant($"{key} {value}");
        }
        return expected;
    }

    static string Text(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BytesValue => value.BytesValue.ToBase64(),
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.ArrayValue => $"[{string.Join(',', value.ArrayValue.Values.Select(Nested))}]",
        AnyValue.ValueOneofCase.KvlistValue => $"{{{string.Join(',', value.KvlistValue.Values.Select(pair => $"\"{pair.Key}\":{Nested(pair.Value)}"))}}}",
        _ => "",
    };

    static string Nested(AnyValue value) =>
        value.ValueCase is AnyValue.ValueOneofCase.StringValue or AnyValue.ValueOneofCase.BytesValue ? $"\"{Text(value)}\"" : Text(value);

    (List<string> Samples, OtlpReader Reader) Read(ReadOnlySpan<byte> request)
    {
        var points = new PointCollector(Sources.Otlp, _layouts);
        var reader = new OtlpReader(_identities, points, new OtlpTimes(Now, TimeSpan.FromDays(30)));
        reader.TryRead(request).ShouldBeTrue();
        var samples = new List<string>();
        foreach (var submission in points.Submissions(Now))
        {
            foreach (var row in submission.Rows)
            {
                for (var i = 0; i < row.Values.Length; i++)
                {
                    if (!double.IsNaN(row.Values[i]))
                        samples.Add(FormattableString.Invariant($"{submission.Entity} {submission.Schema.Columns[i].Canonical()} {row.T} {row.Values[i]}"));
                }
            }
            foreach (var (column, part, point) in submission.Distributions ?? [])
                samples.Add(FormattableString.Invariant($"{submission.Entity} {submission.Schema.Columns[column].Canonical()} {point.T} {part} {point.Count} {point.Sum}"));
        }
        return (samples, reader);
    }
}
