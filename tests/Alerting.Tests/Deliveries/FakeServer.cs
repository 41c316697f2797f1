using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forewarn.Alerting.Tests;

/// <summary>An HTTP server that takes what bindings send: Slack's API, its webhook, anybody's webhook. It answers as a test says.</summary>
sealed class FakeServer(int? port = null) : IAsyncDisposable
{
    WebApplication? _app;
    int _ts;

    public int Port { get; } = port ?? FreePorts.Next();

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>What came, whatever was answered.</summary>
    public ConcurrentQueue<Request> Requests { get; } = new();

    /// <summary>What to answer; null = as Slack does when all is well.</summary>
    public Func<Request, Task<Answer?>> Script { get; set; } = _ => Task.FromResult<Answer?>(null);

    public static async Task<FakeServer> StartAsync()
    {
        var server = new FakeServer();
        await server.UpAsync();
        return server;
    }

    public async Task UpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add(Url);
        _app.Map("/{**path}", AnswerAsync);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    async Task AnswerAsync(HttpContext context, string? path)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new Request(path ?? "", await reader.ReadToEndAsync(), context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Requests.Enqueue(request);
        var answer = await Script(request) ?? Good(request);
        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await context.Response.WriteAsync(answer.Body);
    }

    Answer Good(Request request) => new(200, request.Path switch
    {
        "chat.postMessage" => $$"""{"ok":true,"channel":"C0001","ts":"17000.{{Interlocked.Increment(ref _ts)}}"}""",
        "chat.update" => $$"""{"ok":true,"channel":"C0001","ts":"{{request.Json.GetProperty("ts").GetString()}}"}""",
        _ => "ok",
    });
}

/// <summary>A request as it came.</summary>
sealed record Request(string Path, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <param name="Status">HTTP.</param>
/// <param name="RetryAfter">Seconds; null = no such header.</param>
sealed record Answer(int Status, string Body, int? RetryAfter = null);
