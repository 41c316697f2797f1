using System.Collections.Concurrent;
using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forewarn.Testing;

/// <summary>A request that came.</summary>
/// <param name="At">When all of it had come.</param>
/// <param name="Path">Path.</param>
/// <param name="Headers">The first value of each.</param>
/// <param name="Body">Text of the body.</param>
public sealed record Hook(DateTimeOffset At, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A real HTTP server on loopback that keeps what it is sent and answers as it is told to.</summary>
public sealed class HookServer : IAsyncDisposable
{
    /// <summary>For <c>ALERTING__CONFIGFILE</c>: everything is told to the webhook, whose address is <c>FOREWARN_WEBHOOK_URL</c>.</summary>
    public const string EverythingHere = """
        receivers:
        - name: hook
          webhook:
            binding: webhook
        routes:
        - name: all
          receivers: [hook]
        """;

    readonly WebApplication _app;
    readonly ConcurrentQueue<Hook> _hooks = new();

    HookServer(WebApplication app, int port)
    {
        _app = app;
        Url = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Url { get; }

    /// <summary>All that came, in order.</summary>
    public IReadOnlyList<Hook> Hooks => [.. _hooks];

    /// <summary>Answers a request; 200 with an empty body unless set.</summary>
    public Func<Hook, HttpContext, Task>? Answer { get; set; }

    public static async Task<HookServer> StartAsync(Func<Hook, HttpContext, Task>? answer = null)
    {
        var port = FreePorts.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var app = builder.Build();
        var server = new HookServer(app, port) { Answer = answer };
        app.MapFallback(server.TakeAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var hook = new Hook(TimeProvider.System.GetUtcNow(), context.Request.Path, headers, body);
        _hooks.Enqueue(hook);
        if (Answer is { } answer)
            await answer(hook, context);
    }
}
