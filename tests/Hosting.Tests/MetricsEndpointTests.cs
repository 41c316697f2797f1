using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Hosting.Tests;

public sealed class MetricsEndpointTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_units_and_the_service_are_as_boards_and_rules_have_them()
    {
        var (app, health) = HealthPortTests.FreePorts();
        await using var service = await StartAsync(0, $"--APP_PORT={app}", $"--HEALTH_PORT={health}", "--OTEL_METRICS_EXPORTER=prometheus", "--APP_API_TOKEN=t");
        var meter = service.Services.GetRequiredService<IMeterFactory>().Create("Forewarn.Sample");
        meter.CreateCounter<long>("forewarn.sample.rows", "{row}").Add(3, new KeyValuePair<string, object?>("table", "ticks"));
        meter.CreateHistogram("forewarn.sample.lag", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5] }).Record(0.25);
        meter.CreateGauge<int>("forewarn.sample.model", "{model}").Record(1);

        var (status, text) = await GetAsync(health, "/metrics");

        status.ShouldBe(HttpStatusCode.OK);
        text.ShouldContain("forewarn_sample_rows_total{table=\"ticks\",service_name=\"history\"} 3");
        text.ShouldContain("forewarn_sample_lag_seconds_bucket{service_name=\"history\",le=\"0.5\"} 1");
        text.ShouldContain("forewarn_sample_model{service_name=\"history\"} 1");
        text.ShouldContain("dotnet_process_cpu_time_seconds_total");
        (await GetAsync(app, "/metrics")).Status.ShouldBe(HttpStatusCode.OK, "the app port asks for a token, but not for this");
        (await GetAsync(health, "/metrics/other")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_listener_for_the_outside_does_not_answer_it()
    {
        var (app, outside) = HealthPortTests.FreePorts();
        await using var service = await StartAsync(outside, $"--APP_PORT={app}", "--OTEL_METRICS_EXPORTER=otlp,prometheus");

        (await GetAsync(app, "/metrics")).Status.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(outside, "/metrics")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Unasked_there_is_none()
    {
        var (app, _) = HealthPortTests.FreePorts();
        await using var service = await StartAsync(0, $"--APP_PORT={app}");

        (await GetAsync(app, "/metrics")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void An_exporter_that_there_is_not_is_told_by_its_name() =>
        Should.Throw<OptionsException>(() => ServiceHost.Create(["--OTEL_METRICS_EXPORTER=statsd"], Apps.History)).Message.ShouldContain("OTEL_METRICS_EXPORTER is 'statsd'");

    static async Task<WebApplication> StartAsync(int outside, params string[] settings)
    {
        var builder = ServiceHost.Create([.. settings, "--SelfMetrics:Enabled=false"], Apps.History);
        if (outside > 0)
            builder.AddPublicListener(IPAddress.Loopback, outside);
        var app = builder.Build();
        app.MapServiceDefaults();
        await app.StartAsync(Token);
        return app;
    }

    static async Task<(HttpStatusCode Status, string Text)> GetAsync(int port, string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}{path}"), Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
