using System.Text;
using DevSidecar;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Forewarn.Ingestion.Tests;

/// <summary>The whole service on real Kestrel, on ports of its own, in front of a <see cref="FakeSidecar"/>.</summary>
public sealed class RunningIngestion : IAsyncLifetime
{
    readonly string[] _extra;
    WebApplication _app = null!;

    public RunningIngestion()
        : this([])
    {
    }

    RunningIngestion(string[] extra) => _extra = extra;

    public FakeSidecar Sidecar { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public HttpClient AppPort { get; private set; } = null!;
    public int OtlpGrpc { get; private set; }
    public int OtlpHttp { get; private set; }
    internal IServiceProvider Services => _app.Services;

    public static async Task<RunningIngestion> StartAsync(params string[] arguments)
    {
        var running = new RunningIngestion(arguments);
        await running.InitializeAsync();
        return running;
    }

    public async ValueTask InitializeAsync()
    {
        Sidecar = await FakeSidecar.StartAsync();
        var port = FreePorts.Next();
        (OtlpGrpc, OtlpHttp) = (FreePorts.Next(), FreePorts.Next());
        var builder = ServiceHost.Create(
            [$"--DAPR_GRPC_ENDPOINT={Sidecar.Address}", $"--Ingestion:Port={port}", "--Ingestion:Host:Enabled=false", "--SelfMetrics:Enabled=false",
                $"--Ingestion:Otlp:GrpcPort={OtlpGrpc}", $"--Ingestion:Otlp:HttpPort={OtlpHttp}", .. _extra],
            Apps.Ingestion);
        builder.Logging.ClearProviders();
        builder.AddIngestion();
        _app = builder.Build();
        _app.MapServiceDefaults();
        _app.MapMetrics().MapInflux().MapOtlp().MapRemoteWrite().MapAlerts().MapStats().MapExternalSubscription();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        AppPort = new HttpClient { BaseAddress = new Uri(addresses.First(address => !address.EndsWith($":{port}", StringComparison.Ordinal))) };
    }

    public Task<HttpResponseMessage> PostAsync(string json) => PostAsync(Encoding.UTF8.GetBytes(json));

    public async Task<HttpResponseMessage> PostAsync(byte[] body, string mediaType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new(mediaType);
        return await Http.PostAsync("/v1/metrics/json", content, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        AppPort?.Dispose();
        await _app.DisposeAsync();
        await Sidecar.DisposeAsync();
    }
}
