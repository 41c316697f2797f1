using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Forewarn.Ingestion.Tests.Otlp;

/// <summary>What the OpenTelemetry SDK sends, kept for benchmarks: each request's length in four bytes, little-endian, and its body.</summary>
public sealed class OtlpRecordingTests
{
    const int Exports = 5;

    [Fact]
    public void The_recording_is_read_whole()
    {
        var points = 0L;
        var identities = new OtlpIdentities([]);
        var layouts = new SeriesLayouts(100, 10_000);
        var requests = Requests(File.ReadAllBytes(Recording())).ToList();
        requests.Count.ShouldBe(Exports);
        foreach (var request in requests)
        {
            var newest = (long)(ExportMetricsServiceRequest.Parser.ParseFrom(request).ResourceMetrics[0].ScopeMetrics
                .SelectMany(scope => scope.Metrics).SelectMany(metric => metric.Sum?.DataPoints ?? []).Max(point => point.TimeUnixNano) / 1_000_000);
            var collector = new PointCollector(Sources.Otlp, layouts);
            var reader = new OtlpReader(identities, collector, new OtlpTimes(newest, TimeSpan.FromDays(1)));
            reader.TryRead(request).ShouldBeTrue();
            reader.Rejected.ShouldBe(0, reader.Message);
            collector.Submissions(newest).ShouldAllBe(submission => submission.Entity == "recorded@r-1");
            points += reader.Points;
        }
        points.ShouldBeGreaterThan(Exports * 200);
    }

    /// <summary>Makes the recording again: run it by name with <c>-explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public async Task Makes_the_recording()
    {
        var bodies = new ConcurrentQueue<byte[]>();
        await using var receiver = await ReceiverAsync(bodies);
        using var http = new HttpClient { BaseAddress = new Uri(receiver.Urls.First()) };
        using var meter = new Meter("shop");
        var orders = meter.CreateCounter<long>("shop.orders", "{order}");
        var took = meter.CreateHistogram<double>("shop.duration", "s");
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter("shop").AddRuntimeInstrumentation().AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
            .ConfigureResource(resource => resource.AddService("recorded", serviceInstanceId: "r-1"))
            .AddOtlpExporter((exporter, reader) =>
            {
                (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(http.BaseAddress, "v1/metrics"));
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = int.MaxValue;
            })
            .Build();
        for (var export = 0; export < Exports; export++)
        {
            for (var i = 0; i < 1000; i++)
            {
                orders.Add(1, new("region", $"region-{i % 8}"), new("product", $"product-{i % 25}"));
                took.Record(i / 1000.0, new KeyValuePair<string, object?>("step", $"step-{i % 10}"));
            }
            for (var i = 0; i < 20; i++)
                await http.GetStringAsync("/item", TestContext.Current.CancellationToken);
            provider.ForceFlush(10_000).ShouldBeTrue();
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Recording())!);
        await using var file = File.Create(Recording());
        var length = new byte[sizeof(int)];
        foreach (var body in bodies)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
            await file.WriteAsync(length, TestContext.Current.CancellationToken);
            await file.WriteAsync(body, TestContext.Current.CancellationToken);
        }
        file.Length.ShouldBeLessThan(300_000);
    }

    static async Task<WebApplication> ReceiverAsync(ConcurrentQueue<byte[]> bodies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/item", () => "an item");
        app.MapPost("/v1/metrics", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            bodies.Enqueue(body.ToArray());
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    static IEnumerable<byte[]> Requests(byte[] recording)
    {
        for (var at = 0; at < recording.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(recording.AsSpan(at));
            yield return recording[(at + sizeof(int))..(at + sizeof(int) + length)];
            at += sizeof(int) + length;
        }
    }

    static string Recording([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../bench/Ingest/Recordings/otlp-sdk.bin"));
}
