using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Forewarn.Bench.Sidecar;

/// <summary>The app behind the sidecar: takes events one by one and in bulk, and plays an actor that answers at once.</summary>
sealed class Receiver(WebApplication app, int port) : IAsyncDisposable
{
    public const string ActorType = "Bench";

    long _received;
    volatile TaskCompletionSource? _next;

    public int Port => port;

    /// <summary>Events so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    public static async Task<Receiver> StartAsync()
    {
        var port = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listener => listener.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var receiver = new Receiver(app, port);
        app.MapGet("/dapr/config", () => Results.Json(new { entities = new[] { ActorType } }));
        app.MapGet("/dapr/subscribe", () => Results.Json(new object[]
        {
            new { pubsubname = "ps", topic = "single", route = "/single" },
            new { pubsubname = "ps", topic = "bulk", route = "/bulk", bulkSubscribe = new { enabled = true, maxMessagesCount = 200, maxAwaitDurationMs = 1 } },
        }));
        app.MapPost("/single", receiver.SingleAsync);
        app.MapPost("/bulk", receiver.BulkAsync);
        app.MapPut("/actors/{type}/{id}/method/{method}", () => Results.Ok());
        app.MapDelete("/actors/{type}/{id}", () => Results.Ok());
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Completes when so many events were received in all; for one caller at a time.</summary>
    public async Task UntilAsync(long count)
    {
        while (true)
        {
            // Before the look, so that what comes in between is not missed.
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _next = next;
            if (Received >= count)
                return;
            await next.Task;
        }
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    async Task SingleAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        Count(1);
    }

    async Task BulkAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var ids = body.RootElement.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("entryId").GetString()).ToArray();
        Count(ids.Length);
        await context.Response.WriteAsJsonAsync(new { statuses = ids.Select(id => new { entryId = id, status = "SUCCESS" }) });
    }

    void Count(int events)
    {
        Interlocked.Add(ref _received, events);
        Interlocked.Exchange(ref _next, null)?.TrySetResult();
    }
}
