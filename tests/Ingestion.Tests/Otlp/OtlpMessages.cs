using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Forewarn.Ingestion.Tests.Otlp;

/// <summary>Requests as an exporter would build them.</summary>
static class OtlpMessages
{
    public const AggregationTemporality Delta = AggregationTemporality.Delta;
    public const AggregationTemporality Cumulative = AggregationTemporality.Cumulative;

    public static ExportMetricsServiceRequest Request(string service, params IEnumerable<Metric> metrics) =>
        Request([("service.name", service)], metrics);

    public static ExportMetricsServiceRequest Request((string Key, string Value)[] resource, params IEnumerable<Metric> metrics)
    {
        var scope = new ScopeMetrics { Scope = new() { Name = "tests" }, Metrics = { metrics } };
        return new() { ResourceMetrics = { new ResourceMetrics { Resource = new() { Attributes = { Attributes(resource) } }, ScopeMetrics = { scope } } } };
    }

    public static Metric Gauge(string name, params IEnumerable<NumberDataPoint> points) => new() { Name = name, Gauge = new() { DataPoints = { points } } };

    public static Metric Sum(string name, AggregationTemporality temporality, bool isMonotonic, params IEnumerable<NumberDataPoint> points) =>
        new() { Name = name, Unit = "By", Sum = new() { AggregationTemporality = temporality, IsMonotonic = isMonotonic, DataPoints = { points } } };

    public static Metric Histogram(string name, AggregationTemporality temporality, params IEnumerable<HistogramDataPoint> points) =>
        new() { Name = name, Unit = "s", Histogram = new() { AggregationTemporality = temporality, DataPoints = { points } } };

    public static NumberDataPoint Point(long t, double value, long start = 0, params (string Key, string Value)[] attributes) =>
        new() { TimeUnixNano = Nanoseconds(t), StartTimeUnixNano = Nanoseconds(start), AsDouble = value, Attributes = { Attributes(attributes) } };

    /// <summary>A point with bounds 1, 2, 4.</summary>
    public static HistogramDataPoint Buckets(long t, long start, double sum, params ulong[] counts) => new()
    {
        TimeUnixNano = Nanoseconds(t),
        StartTimeUnixNano = Nanoseconds(start),
        Sum = sum,
        Count = counts.Aggregate(0UL, (total, count) => total + count),
        BucketCounts = { counts },
        ExplicitBounds = { 1, 2, 4 },
    };

    public static ulong Nanoseconds(long milliseconds) => (ulong)milliseconds * 1_000_000;

    public static IEnumerable<KeyValue> Attributes(params IEnumerable<(string Key, string Value)> attributes) =>
        attributes.Select(attribute => new KeyValue { Key = attribute.Key, Value = new() { StringValue = attribute.Value } });

    /// <summary>A call of OTLP/gRPC.</summary>
    public static async Task<ExportMetricsServiceResponse> ExportAsync(
        int port, ExportMetricsServiceRequest request, CallOptions options = default, string service = "metrics.v1.MetricsService")
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var marshaller = Marshallers.Create(bytes => bytes, bytes => bytes);
        var method = new Method<byte[], byte[]>(MethodType.Unary, $"opentelemetry.proto.collector.{service}", "Export", marshaller, marshaller);
        var answer = await channel.CreateCallInvoker()
            .AsyncUnaryCall(method, null, options.WithCancellationToken(TestContext.Current.CancellationToken), request.ToByteArray());
        return ExportMetricsServiceResponse.Parser.ParseFrom(answer);
    }

    /// <summary>A request of OTLP/HTTP.</summary>
    public static async Task<HttpResponseMessage> PostAsync(this HttpClient http, byte[] body, string mediaType = "application/x-protobuf", string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new(mediaType);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return await http.PostAsync("/v1/metrics", content, TestContext.Current.CancellationToken);
    }
}
