using System.Diagnostics.Metrics;
using Forewarn.Contracts;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Forewarn.Ingestion.Tests.Otlp;

/// <summary>The OpenTelemetry SDK for .NET with its own exporter, sending to a running service.</summary>
public sealed class OtlpSdkTests(RunningIngestion ingestion) : IClassFixture<RunningIngestion>
{
    [Theory]
    [InlineData(OtlpExportProtocol.Grpc, MetricReaderTemporalityPreference.Cumulative)]
    [InlineData(OtlpExportProtocol.Grpc, MetricReaderTemporalityPreference.Delta)]
    [InlineData(OtlpExportProtocol.HttpProtobuf, MetricReaderTemporalityPreference.Cumulative)]
    [InlineData(OtlpExportProtocol.HttpProtobuf, MetricReaderTemporalityPreference.Delta)]
    public async Task Every_instrument_arrives_as_it_was_used(OtlpExportProtocol protocol, MetricReaderTemporalityPreference temporality)
    {
        var service = $"{protocol}-{temporality}".ToLowerInvariant();
        using var meter = new Meter(service);
        var orders = meter.CreateCounter<long>("orders", "{order}");
        var open = meter.CreateUpDownCounter<int>("open");
        var load = meter.CreateGauge<double>("load", "1");
        var took = meter.CreateHistogram<double>("took", "s");
        var size = meter.CreateHistogram<double>("size", "By");
        var seen = 0L;
        meter.CreateObservableCounter("seen", () => seen, "By");
        meter.CreateObservableGauge("waiting", () => seen / 2.0);
        using var provider = Provider(meter, protocol, temporality);

        // The first export is what a rate begins from: of what is cumulative it is not one itself.
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                orders.Add(1, new KeyValuePair<string, object?>("region", "north"));
                took.Record(0.2 + (i / 1000.0));
                size.Record(1000 + i);
            }
            open.Add(2);
            load.Record(0.5 + round);
            seen += 4096;
            provider.ForceFlush(10_000).ShouldBeTrue();
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        var entity = $"shop/{service}@{service}-1";
        var isDelta = temporality == MetricReaderTemporalityPreference.Delta;
        Increases(entity, "orders", isDelta).ShouldAllBe(increase => Math.Abs(increase - 100) < 5);
        Increases(entity, "seen", isDelta).ShouldAllBe(increase => Math.Abs(increase - 4096) < 200);
        Increases(entity, "took.rate", isDelta).ShouldAllBe(increase => Math.Abs(increase - 100) < 5);
        Values(entity, "open").ShouldBe([2, 4, 6, 8]);
        Values(entity, "load").ShouldBe([0.5, 1.5, 2.5, 3.5]);
        Values(entity, "waiting").ShouldBe([2048, 4096, 6144, 8192]);
        // Its bounds around the values are 0.25 and 0.5; exponential buckets are narrow.
        Values(entity, "took.p50").ShouldAllBe(value => value > 0.2 && value <= 0.5);
        Values(entity, "size.p50").ShouldAllBe(value => Math.Abs(value - 1050) < 5);
        Values(entity, "size.p99").ShouldAllBe(value => Math.Abs(value - 1098) < 5);
        Values(entity, "took.min").ShouldAllBe(value => value == 0.2);
        Values(entity, "took.max").Count.ShouldBe(isDelta ? 4 : 0);
        Values(entity, "size.p50").Count.ShouldBe(isDelta ? 4 : 3);
        var column = Column(entity, "orders");
        (column.Unit, column.Labels["region"]).ShouldBe(("{order}/s", "north"));
        Column(entity, "size.sum").Unit.ShouldBe("By/s");
    }

    MeterProvider Provider(Meter meter, OtlpExportProtocol protocol, MetricReaderTemporalityPreference temporality) => Sdk.CreateMeterProviderBuilder()
        .AddMeter(meter.Name)
        .ConfigureResource(resource => resource.AddService(meter.Name, "shop", "1.0", autoGenerateServiceInstanceId: false, $"{meter.Name}-1"))
        .AddView("took", new ExplicitBucketHistogramConfiguration { Boundaries = [0.1, 0.25, 0.5, 1] })
        .AddView("size", new Base2ExponentialBucketHistogramConfiguration())
        .AddOtlpExporter((exporter, reader) =>
        {
            exporter.Protocol = protocol;
            exporter.Endpoint = new Uri(protocol == OtlpExportProtocol.Grpc
                ? $"http://127.0.0.1:{ingestion.OtlpGrpc}" : $"http://127.0.0.1:{ingestion.OtlpHttp}/v1/metrics");
            reader.TemporalityPreference = temporality;
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = int.MaxValue;
        })
        .Build();

    /// <summary>What was added between two points, from the rates and the points' times.</summary>
    List<double> Increases(string entity, string name, bool isDelta)
    {
        var points = new SortedDictionary<long, double>();
        foreach (var batch in ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity))
        {
            var column = ingestion.Sidecar.Schema(batch.Schema).Columns.ToList().FindIndex(column => column.Name == name);
            // Metrics of one export are measured one after the other; a row holds those of one millisecond.
            foreach (var row in batch.Rows.Where(row => column >= 0 && !double.IsNaN(row.Values[column])))
                points[row.T] = row.Values[column];
        }
        points.Count.ShouldBe(isDelta ? 4 : 3, name);
        return [.. points.Zip(points.Skip(1), (before, now) => now.Value * (now.Key - before.Key) / 1000.0)];
    }

    IReadOnlyList<double> Values(string entity, string name) => ingestion.Sidecar.ValuesOf(entity, name);

    SeriesColumn Column(string entity, string name) =>
        ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity).SelectMany(batch => ingestion.Sidecar.Schema(batch.Schema).Columns).First(column => column.Name == name);
}
