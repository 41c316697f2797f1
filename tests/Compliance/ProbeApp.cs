using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Forewarn.Compliance;

/// <summary>A request as the probe app received it.</summary>
public sealed record Received(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>An app on Kestrel in the test process.</summary>
public sealed class ProbeApp : IAsyncDisposable
{
    readonly WebApplication _app;

    ProbeApp(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> Requests { get; } = new();

    public int Port { get; private set; }

    /// <summary>The port its sidecar must take, for apps that need to know it when they start; 0 = any.</summary>
    public int SidecarPort { get; init; }

    public static async Task<ProbeApp> StartAsync(Action<ProbeApp, WebApplication> routes, Action<WebApplicationBuilder>? services = null, int port = 0, int sidecarPort = 0)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        services?.Invoke(builder);
        var app = builder.Build();
        var probe = new ProbeApp(app) { SidecarPort = sidecarPort };
        routes(probe, app);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        probe.Port = new Uri(address).Port;
        return probe;
    }

    /// <summary>Remembers the request with its body.</summary>
    public async Task<Received> RecordAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var received = new Received(
            context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Requests.Enqueue(received);
        return received;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }
}
