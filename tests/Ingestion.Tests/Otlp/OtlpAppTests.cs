using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Forewarn.Ingestion.Tests.Otlp;

/// <summary>
/// The SDK keeps one metric for all hosts of a process, and gives it up with the first host that ends: no other test may end one meanwhile.
/// </summary>
[CollectionDefinition(nameof(OtlpAppTests), DisableParallelization = true)]
public sealed class OtlpAppAlone;

/// <summary>A web application under load, with the instrumentation that comes with the platform.</summary>
[Collection(nameof(OtlpAppTests))]
public sealed class OtlpAppTests(RunningIngestion ingestion) : IClassFixture<RunningIngestion>
{
    const string Duration = "http.server.request.duration";

    /// <summary>Its bounds, as the semantic conventions advise them.</summary>
    static readonly double[] _bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    [Fact]
    public async Task The_durations_of_its_requests_arrive_as_quantiles_that_agree_with_what_was_measured()
    {
        var route = $"/work-{Guid.NewGuid():N}/{{milliseconds:int}}";
        await using var app = await StartAsync(route);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var measured = new List<double>();
        using var listener = Listen(route, measured);
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddAspNetCoreInstrumentation()
            .ConfigureResource(resource => resource.AddService("app", serviceInstanceId: "a-1"))
            .AddOtlpExporter((exporter, reader) =>
            {
                (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.Grpc, new Uri($"http://127.0.0.1:{ingestion.OtlpGrpc}"));
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = int.MaxValue;
            })
            .Build();

        var before = await LoadAsync(http, route, measured, requests: 40);
        provider.ForceFlush(10_000).ShouldBeTrue();
        var after = await LoadAsync(http, route, measured, requests: 300);
        provider.ForceFlush(10_000).ShouldBeTrue();

        var came = after.Skip(before.Count).Order().ToArray();
        foreach (var (part, level) in new[] { ("p50", 0.5), ("p95", 0.95), ("p99", 0.99) })
        {
            var exact = came[(int)Math.Ceiling(level * came.Length) - 1];
            BucketOf(Value($"{Duration}.{part}", route)).ShouldBe(BucketOf(exact), $"{part} of {exact}");
        }
        // What of both is the time between the exports falls out.
        (Value($"{Duration}.sum", route) / Value($"{Duration}.rate", route)).ShouldBe(came.Average(), came.Average() * 1e-6);
    }

    static async Task<WebApplication> StartAsync(string route)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet(route, async (int milliseconds, CancellationToken cancellationToken) =>
        {
            await Task.Delay(milliseconds, cancellationToken);
            return "done";
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>What the application itself records, value by value.</summary>
    static MeterListener Listen(string route, List<double> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == Duration)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            foreach (var (key, tag) in tags)
            {
                if (key == "http.route" && Equals(tag, route))
                {
                    lock (measured)
                        measured.Add(value);
                }
            }
        });
        listener.Start();
        return listener;
    }

    static async Task<List<double>> LoadAsync(HttpClient http, string route, List<double> measured, int requests)
    {
        var expected = measured.Count + requests;
        var numbers = Enumerable.Range(0, requests);
        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (i, cancellationToken) =>
            await http.GetStringAsync($"{route[..route.LastIndexOf('/')]}/{i % 40}", cancellationToken));
        // A request is recorded after its answer has gone.
        await Eventually.TrueAsync(() => { lock (measured) return measured.Count == expected; }, "all requests were recorded");
        lock (measured)
            return [.. measured];
    }

    static int BucketOf(double value) => _bounds.Count(bound => value > bound);

    /// <summary>The newest value of the route's series.</summary>
    double Value(string name, string route) => ingestion.Sidecar.Raw.Where(batch => batch.Entity == "app@a-1")
        .SelectMany(batch => ingestion.Sidecar.Schema(batch.Schema).Columns.Index()
            .Where(column => column.Item.Name == name && column.Item.Labels.GetValueOrDefault("http.route") == route)
            .SelectMany(column => batch.Rows.Select(row => (row.T, Value: row.Values[column.Index]))))
        .Where(point => !double.IsNaN(point.Value)).MaxBy(point => point.T).Value;
}
