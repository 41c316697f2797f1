using System.Net;
using System.Text.Json;
using DevSidecar;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Forewarn.Gateway.Tests;

/// <summary>The gateway behind a real sidecar, with a service to forward to and a publisher to listen to.</summary>
public sealed class SidecarTests : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-gateway-").FullName;
    readonly List<WebApplication> _apps = [];
    SidecarRuntime _runtime = null!;
    HttpClient _http = null!;
    KeyedPublisher _publisher = null!;

    public async ValueTask InitializeAsync()
    {
        File.Copy(Path.Combine(Checkout.Root, "components", "broadcast.yaml"), Path.Combine(_folder, "broadcast.yaml"));
        _runtime = await SidecarRuntime.StartAsync(new SidecarRuntimeOptions
        {
            ResourcesPaths = [_folder],
            DataDirectory = Path.Combine(_folder, "log"),
            Environment = new Dictionary<string, string>(),
        });
        var port = FreePorts.Next();
        await StartAsync(Apps.History, _ => { }, app => app.MapGet("/v1/entities", (HttpContext context) =>
            Results.Text($$"""{"items":[],"caller":"{{context.Request.Headers["dapr-caller-app-id"]}}"}""", "application/json")));
        await StartAsync(Apps.Gateway, builder => builder.AddGateway(), app => app.MapGateway(), $"--Gateway:Port={port}");
        var publisher = await StartAsync("publisher", _ => { }, _ => { });
        _publisher = publisher.Services.GetRequiredService<KeyedPublisher>();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var app in _apps)
            await app.DisposeAsync();
        await _runtime.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Requests_reach_the_service_and_one_that_is_not_there_is_a_503_problem()
    {
        var answer = JsonDocument.Parse(await _http.GetStringAsync("/api/entities", TestContext.Current.CancellationToken)).RootElement;
        answer.GetProperty("caller").GetString().ShouldBe("gateway");

        using var away = await _http.PostAsync("/api/train", new ByteArrayContent([]), TestContext.Current.CancellationToken);
        away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        away.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_published_incident_reaches_the_browser()
    {
        var response = await _http.GetAsync("/api/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var stream = new EventReader(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        await _publisher.PublishAsync(
            Components.Broadcast, Topics.Incidents, new Outgoing<IncidentEvent>("host", "1", Samples.Incident("i-1", 1)),
            ContractJson.Default.IncidentEvent, TestContext.Current.CancellationToken);

        var (name, data, _) = await stream.NextNewsAsync();
        name.ShouldBe("incident");
        data.GetProperty("id").GetString().ShouldBe("i-1");
    }

    async Task<WebApplication> StartAsync(string appId, Action<WebApplicationBuilder> add, Action<WebApplication> map, params string[] settings)
    {
        var port = FreePorts.Next();
        var sidecar = await _runtime.AddAppAsync(new AppRegistration { AppId = appId, AppPort = port });
        var builder = ServiceHost.Create(
            [$"--APP_PORT={port}", $"--DAPR_HTTP_PORT={sidecar.HttpPort}", $"--DAPR_GRPC_PORT={sidecar.GrpcPort}", .. settings], appId);
        builder.Logging.ClearProviders();
        add(builder);
        var app = builder.Build();
        app.MapServiceDefaults();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        _apps.Add(app);
        await Eventually.Async($"{appId} is known to its sidecar", TimeSpan.FromSeconds(60), () => Task.FromResult(sidecar.State == AppSidecarState.Ready));
        return app;
    }
}
