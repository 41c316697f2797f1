using CsCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Forewarn.Hosting.Tests;

public sealed class RequestLatencyTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_are_counted_and_streams_and_health_checks_are_not()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<RequestLatency>();
        await using var app = builder.Build();
        app.Use(RequestLatency.MarkStreamsAsync);
        app.MapGet("/plain", () => "x");
        app.MapGet("/broken", () => Results.StatusCode(500));
        app.MapGet("/healthz/ready", () => "x");
        app.MapGet("/stream", () => Results.Text("data: x\n\n", "text/event-stream"));
        var latency = app.Services.GetRequiredService<RequestLatency>();
        latency.Start();
        await app.StartAsync(Token);
        using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        foreach (var path in new[] { "/stream", "/healthz/ready", "/plain", "/plain", "/broken", "/stream" })
            using (await http.GetAsync(path, Token)) { }

        // A duration is recorded after its answer has left; stopping waits for the last.
        await app.StopAsync(Token);
        var window = latency.Take();
        (window.Count, window.Errors).ShouldBe((3, 1));
        window.P99.ShouldBeGreaterThan(0);
        latency.Take().ShouldBe(new LatencyWindow(0, 0, double.NaN, double.NaN));
    }

    [Fact]
    public void Percentiles_are_within_a_bucket_of_the_exact_ones()
    {
        Gen.Double[0.0001, 10].Array[1, 500].Sample(durations =>
        {
            var histogram = new LatencyHistogram();
            foreach (var duration in durations)
                histogram.Record(duration, error: false);
            var window = histogram.Take();
            var sorted = durations.Order().ToArray();
            window.P50.ShouldBe(Exact(0.5), Exact(0.5) * 0.03);
            window.P99.ShouldBe(Exact(0.99), Exact(0.99) * 0.03);

            double Exact(double quantile) => sorted[(int)Math.Ceiling(sorted.Length * quantile) - 1];
        }, iter: 200);
    }
}
