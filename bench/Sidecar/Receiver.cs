using System.Buffers;
using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Forewarn.Bench.Sidecar;

/// <summary>A POST of the sidecar to the app: how many events, and the bytes both ways.</summary>
sealed record Delivery(int Events, int Bytes, int AnswerBytes);

/// <summary>
/// The app behind the sidecar: takes events one by one and in bulk, and plays an actor that answers at once. What an app
/// does is no cost of the sidecar, so it does the least: it reads the body and finds the ids of a bulk, which it must answer with.
/// </summary>
sealed class Receiver(WebApplication app, int port) : IAsyncDisposable
{
    public const string ActorType = "Bench";

    // A replica gets one bulk at a time.
    readonly MemoryStream _body = new();
    readonly ArrayBufferWriter<byte> _answer = new();
    long _received;
    volatile TaskCompletionSource? _next;

    public int Port => port;

    /// <summary>Events so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    public Delivery? Last { get; private set; }

    public static async Task<Receiver> StartAsync()
    {
        var port = FreePorts.Next();
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
        Last = new Delivery(1, (int)context.Request.ContentLength!.Value, 0);
        Count(1);
    }

    async Task BulkAsync(HttpContext context)
    {
        _body.SetLength(0);
        await context.Request.Body.CopyToAsync(_body);
        var events = Acknowledge(_body.GetBuffer().AsSpan(0, (int)_body.Length), _answer);
        Last = new Delivery(events, (int)_body.Length, _answer.WrittenCount);
        Count(events);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = _answer.WrittenCount;
        await context.Response.Body.WriteAsync(_answer.WrittenMemory);
    }

    static int Acknowledge(ReadOnlySpan<byte> body, ArrayBufferWriter<byte> answer)
    {
        answer.ResetWrittenCount();
        answer.Write("{\"statuses\":["u8);
        var events = 0;
        for (int at; (at = body.IndexOf("{\"entryId\":\""u8)) >= 0; events++)
        {
            body = body[at..];
            answer.Write(events == 0 ? ""u8 : ","u8);
            answer.Write(body[..body.IndexOf(","u8)]);
            answer.Write(",\"status\":\"SUCCESS\"}"u8);
            body = body[1..];
        }
        answer.Write("]}"u8);
        return events;
    }

    void Count(int events)
    {
        Interlocked.Add(ref _received, events);
        Interlocked.Exchange(ref _next, null)?.TrySetResult();
    }
}
