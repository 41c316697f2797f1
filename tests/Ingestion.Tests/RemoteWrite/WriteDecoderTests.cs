using CsCheck;
using Google.Protobuf;
using Snappier;
using V1 = Forewarn.Ingestion.Tests.RemoteWrite1;
using V2 = Forewarn.Ingestion.Tests.RemoteWrite2;

namespace Forewarn.Ingestion.Tests;

public sealed class WriteDecoderTests
{
    const long Now = Write.Now;

    readonly WriteDecoder _decoder = new(1_000_000);

    [Theory]
    [InlineData("up instance=web-1:9100 job=node", "web-1:9100 up{job=node} 1 5 @ 0")]
    [InlineData("node_cpu_seconds_total cpu=0 instance=a job=node", "a node_cpu_seconds_total{cpu=0,job=node} 1 counter 5 @ 0")]
    [InlineData("node_network_receive_bytes_total device=lo instance=a", "a node_network_receive_bytes_total{device=lo} By/s counter 5 @ 0")]
    [InlineData("http_request_duration_seconds_count instance=a", "a http_request_duration_seconds_count 1/s counter 5 @ 0")]
    [InlineData("http_request_duration_seconds_sum instance=a", "a http_request_duration_seconds_sum 1 counter 5 @ 0")]
    [InlineData("node_memory_MemFree_bytes instance=a host=b", "a node_memory_MemFree_bytes{host=b} By 5 @ 0")]
    [InlineData("haproxy_server_up entity=lb-1 instance=a server=s1", "lb-1 haproxy_server_up{instance=a,server=s1} 1 5 @ 0")]
    [InlineData("job:rate:sum job=api", "prometheus/api job_rate_sum{job=api} 1 5 @ 0")]
    [InlineData("total_rate", "prometheus total_rate 1 5 @ 0")]
    public void A_series_goes_to_the_entity_that_its_labels_name(string series, string cell)
    {
        var sink = Read1(Write.Request1(Write.Series1(series, (Now, 5))));
        Write.Cells(sink).ShouldBe([cell]);
        (sink.Samples, sink.PassedOver, sink.WhyRefused).ShouldBe((1, 0, null));
    }

    [Fact]
    public void A_bucket_alone_is_passed_over_and_counts_as_not_written()
    {
        var sink = Read1(Write.Request1(Write.Series1("d_seconds_bucket instance=a le=0.5", (Now, 5)), Write.Series1("d_seconds_count instance=a", (Now, 5))));
        (sink.Samples, sink.PassedOver, sink.IncompleteBuckets, sink.Refused).ShouldBe((1, 1, 1, 0));
    }

    [Fact]
    public void What_a_declaration_says_counts_more_than_a_name_and_the_first_one_stays()
    {
        var gauge = Write.Series1("files_count instance=a", (Now, 5));
        var counter = Write.Series1("requests instance=a", (Now, 5));
        Write.Cells(Read1(Write.Request1(gauge, counter))).ShouldBe(["a files_count 1/s counter 5 @ 0", "a requests 1 5 @ 0"], ignoreOrder: true);
        foreach (var types in new[] { (PromType.Gauge, PromType.Counter), (PromType.Counter, PromType.Gauge) })
        {
            var declaration = new V1.WriteRequest();
            declaration.Metadata.Add(new V1.MetricMetadata { Type = (uint)types.Item1, MetricFamilyName = "files_count" });
            declaration.Metadata.Add(new V1.MetricMetadata { Type = (uint)types.Item2, MetricFamilyName = "requests", Help = "of all", Unit = "seconds" });
            Write.Cells(Read1(declaration)).ShouldBeEmpty();
            Write.Cells(Read1(Write.Request1(gauge, counter))).ShouldBe(["a files_count 1 5 @ 0", "a requests 1 counter 5 @ 0"], ignoreOrder: true);
        }
    }

    [Fact]
    public void What_was_not_measured_is_a_hole_and_not_a_value()
    {
        var sink = Read1(Write.Request1(
            Write.Series1("a instance=e", (Now, Write.Stale)), Write.Series1("b instance=e", (Now, double.NaN)), Write.Series1("c instance=e", (Now, double.PositiveInfinity)),
            Write.Series1("d instance=e", (Now, 0))));
        Write.Cells(sink).ShouldBe(["e a 1 NaN @ 0", "e b 1 NaN @ 0", "e c 1 NaN @ 0", "e d 1 0 @ 0"], ignoreOrder: true);
        sink.Samples.ShouldBe(4);
    }

    [Fact]
    public void Samples_that_have_no_place_are_counted_and_the_others_taken()
    {
        var request = Write.Request1(
            Write.Series1("a instance=e", (Now - 86_400_001, 1), (Now, 2), (Now + 3_600_001, 3)), Write.Series1("b instance=e", (Now, 4)), Write.Series1("c instance=f", (Now, 5)));
        request.Timeseries.Add(new V1.TimeSeries { Samples = { new V1.Sample { Timestamp = Now } } });
        request.Timeseries.Add(Write.Series1("x " + string.Join(' ', Enumerable.Range(0, 17).Select(i => $"l{i}=v")), (Now, 6)));
        request.Timeseries.Add(Write.Series1("x " + string.Join(' ', Enumerable.Range(0, 70).Select(i => $"l{i}=v")), (Now, 6)));
        var sink = Write.Sink(new SeriesLayouts(10, 1));
        _decoder.Read(Write.Packed(request), isSecond: false, sink).ShouldBeNull();
        var cells = Write.Cells(sink);
        cells.Count.ShouldBe(2, "one of e's two series, and f's");
        cells.ShouldContain("f c 1 5 @ 0");
        (sink.Samples, sink.Refused).ShouldBe((2, 6));
        sink.WhyRefused.ShouldBe("is older than what is kept (INGESTION__RETENTIONDAYS)");
    }

    [Fact]
    public void Labels_behind_the_samples_name_the_series_all_the_same()
    {
        var series = Write.Series1("a instance=e", (Now, 1));
        var samples = new V1.TimeSeries { Samples = { series.Samples } }.ToByteArray();
        var labels = new V1.TimeSeries { Labels = { series.Labels } }.ToByteArray();
        var first = new V1.TimeSeries { Labels = { series.Labels[0] } }.ToByteArray();
        byte[][] orders = [[.. labels, .. samples], [.. samples, .. labels], [.. first, .. samples, .. labels.AsSpan(first.Length)]];
        foreach (var order in orders)
        {
            var request = new V1.WriteRequest { Timeseries = { V1.TimeSeries.Parser.ParseFrom(order) } };
            byte[] message = [0x0a, (byte)order.Length, .. order];
            request.Timeseries[0].Labels.Count.ShouldBe(2);
            var sink = Write.Sink();
            _decoder.Read(Snappy.CompressToArray(message), isSecond: false, sink).ShouldBeNull();
            Write.Cells(sink).ShouldBe(["e a 1 1 @ 0"]);
        }
    }

    [Fact]
    public void The_second_version_says_types_units_and_starts_itself()
    {
        var request = new V2.Request();
        request.Series2("depth instance=e", PromType.Gauge, "", (Now, 1));
        request.Series2("requests instance=e", PromType.Counter, "", (Now, 2)).CreatedTimestamp = Now - 50;
        request.Series2("work_total instance=e", PromType.Counter, "seconds", (Now, 3)).Samples[0].StartTimestamp = Now - 60;
        request.Series2("took_count instance=e", PromType.Summary, "seconds", (Now, 4));
        request.Series2("took instance=e quantile=0.5", PromType.Summary, "seconds", (Now, 5));
        request.Series2("size_bucket instance=e le=1", PromType.Histogram, "bytes", (Now, 6)).Exemplars.Add(new V2.Exemplar { Value = 1, Timestamp = Now });
        request.Series2("gone instance=e", PromType.Gauge, "", (Now, Write.Stale));
        var sink = Read2(request);
        Write.Cells(sink).ShouldBe(
            [
                "e depth 1 1 @ 0", "e requests 1/s counter from -50 2 @ 0", "e work_total 1 counter from -60 3 @ 0", "e took_count 1/s counter 4 @ 0",
                "e took{quantile=0.5} s 5 @ 0", "e gone 1 NaN @ 0",
            ],
            ignoreOrder: true);
        (sink.Samples, sink.PassedOver).ShouldBe((6, 1));
    }

    [Fact]
    public void Of_native_histograms_count_and_sum_are_taken()
    {
        var request = new V2.Request();
        request.Series2("took_seconds instance=e", PromType.Histogram, "").Histograms.Add(new V2.Histogram { CountInt = 7, Sum = 3.5, Timestamp = Now, Schema = 3, PositiveDeltas = { 7 } });
        request.Series2("now instance=e", PromType.GaugeHistogram, "").Histograms.Add(new V2.Histogram { CountFloat = 2.5, Sum = 1, Timestamp = Now, ResetHint = 3 });
        request.Series2("gone instance=e", PromType.Histogram, "").Histograms.Add(new V2.Histogram { CountInt = 9, Sum = Write.Stale, Timestamp = Now });
        request.Series2("old instance=e", PromType.Histogram, "").Histograms.Add(new V2.Histogram { CountInt = 9, Sum = 1, Timestamp = 5 });
        string[] expected =
        [
            "e took_seconds_count 1/s counter 7 @ 0", "e took_seconds_sum 1 counter 3.5 @ 0", "e now_count 1 2.5 @ 0", "e now_sum 1 1 @ 0",
            "e gone_count 1/s counter NaN @ 0", "e gone_sum 1/s counter NaN @ 0",
        ];
        var sink = Read2(request);
        Write.Cells(sink).ShouldBe(expected, ignoreOrder: true);
        (sink.Samples, sink.Histograms, sink.Refused).ShouldBe((0, 3, 1));

        var first = Write.Series1("took_seconds instance=e");
        first.Histograms.Add(new V1.Histogram { CountInt = 7, Sum = 3.5, Timestamp = Now });
        Write.Cells(Read1(Write.Request1(first))).ShouldBe(expected[..2], ignoreOrder: true);
    }

    [Fact]
    public void Whatever_is_written_is_read_in_both_versions_alike()
    {
        var sample = Gen.Select(Gen.Long[-5, 5], Gen.Double[-1e9, 1e9]);
        var series = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], sample.Array[1, 3]);
        series.Array[0, 12].Sample(all =>
        {
            var (first, second) = (new V1.WriteRequest(), new V2.Request());
            var expected = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, label, samples) in all)
            {
                var text = $"s{name} instance=e{label % 2} l={label}";
                (long, double)[] points = [.. samples.Select(one => (Now + one.Item1, one.Item2))];
                first.Timeseries.Add(Write.Series1(text, points));
                second.Series2(text, PromType.Gauge, "", points);
                foreach (var (t, value) in samples)
                    expected[$"e{label % 2} s{name}{{l={label}}} @ {t}"] = FormattableString.Invariant($"e{label % 2} s{name}{{l={label}}} 1 {value} @ {t}");
            }
            var (one, two) = (Write.Cells(Read1(first)), Write.Cells(Read2(second)));
            one.Where(IsMeasured).Order(StringComparer.Ordinal).ShouldBe(expected.Values.Order(StringComparer.Ordinal));
            two.Where(IsMeasured).Order(StringComparer.Ordinal).ShouldBe(expected.Values.Order(StringComparer.Ordinal));
        }, seed: "0N0XIzNsQ0O2", iter: 500);

        static bool IsMeasured(string cell) => !cell.Contains(" NaN ", StringComparison.Ordinal);
    }

    [Fact]
    public void References_to_nothing_refuse_the_request()
    {
        foreach (var break_ in new Action<V2.Request>[]
        {
            request => request.Timeseries[0].LabelsRefs[0] = 99,
            request => request.Timeseries[0].LabelsRefs.Add(1),
            request => request.Timeseries[0].LabelsRefs.Clear(),
            request => request.Timeseries[0].Metadata.UnitRef = 99,
            request => request.Symbols[0] = "not empty",
        })
        {
            var request = new V2.Request();
            request.Series2("a instance=e", PromType.Gauge, "", (Now, 1));
            break_(request);
            _decoder.Read(Write.Packed(request), isSecond: true, Write.Sink()).ShouldNotBeNull().Status.ShouldBe(400);
        }
    }

    [Fact]
    public void A_few_bytes_that_say_they_are_gigabytes_are_refused_before_they_are_unpacked()
    {
        byte[] bomb = [0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x61];
        _decoder.Read(bomb, isSecond: false, Write.Sink()).ShouldNotBeNull().Status.ShouldBeOneOf(400, 413);
        _decoder.Read(Snappy.CompressToArray(new byte[1_000_001]), isSecond: false, Write.Sink()).ShouldNotBeNull().Status.ShouldBe(413);
    }

    WriteSink Read1(V1.WriteRequest request) => Read(request, isSecond: false);

    WriteSink Read2(V2.Request request) => Read(request, isSecond: true);

    WriteSink Read(IMessage request, bool isSecond)
    {
        var sink = Write.Sink();
        _decoder.Read(Write.Packed(request), isSecond, sink).ShouldBeNull();
        return sink;
    }
}
