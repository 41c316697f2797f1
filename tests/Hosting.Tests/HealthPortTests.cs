using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Builder;

namespace Forewarn.Hosting.Tests;

public sealed class HealthPortTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_health_port_answers_health_and_nothing_else()
    {
        var (app, health) = FreePorts();
        await using var service = await StartAsync($"--APP_PORT={app}", $"--HEALTH_PORT={health}");

        (await GetAsync(health, "/healthz/live")).ShouldBe(HttpStatusCode.OK);
        (await GetAsync(health, "/healthz/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await GetAsync(health, "/v1/secret")).ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync(health, "/dapr/subscribe")).ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync(app, "/v1/secret")).ShouldBe(HttpStatusCode.OK);
        (await GetAsync(app, "/healthz/live")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_one_nothing_listens_beyond_loopback()
    {
        await using var service = await StartAsync($"--APP_PORT={FreePorts().First}");

        service.Urls.ShouldAllBe(url => new Uri(url).IsLoopback);
    }

    [Fact]
    public void A_port_that_is_none_is_told_by_its_name() =>
        Should.Throw<OptionsException>(() => ServiceHost.Create(["--HEALTH_PORT=health"], Apps.History)).Message.ShouldContain("HEALTH_PORT is 'health'");

    static async Task<WebApplication> StartAsync(params string[] settings)
    {
        var builder = ServiceHost.Create([.. settings, "--SelfMetrics:Enabled=false"], Apps.History);
        builder.Services.AddReadiness("database", _ => "not there");
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGet("/v1/secret", () => "x");
        await app.StartAsync(Token);
        return app;
    }

    static async Task<HttpStatusCode> GetAsync(int port, string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}{path}"), Token);
        return answer.StatusCode;
    }

    internal static (int First, int Second) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}
