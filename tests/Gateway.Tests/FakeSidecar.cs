using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forewarn.Gateway.Tests;

/// <summary>The invocation API of a sidecar, answering for the services behind it, and remembering what it was asked.</summary>
sealed class FakeSidecar : IAsyncDisposable
{
    readonly WebApplication _app;

    FakeSidecar(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.First());

    public ConcurrentQueue<(string App, string Method, string Path, string Query, IHeaderDictionary Headers, string Body)> Calls { get; } = new();

    /// <summary>Answers of the services; without an entry the sidecar says that there is no such app.</summary>
    public ConcurrentDictionary<string, (int Status, string ContentType, string Body)> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers that depend on the query; they come before <see cref="Answers"/>.</summary>
    public ConcurrentDictionary<string, Func<IQueryCollection, (int Status, string ContentType, string Body)>> Scripts { get; } = new(StringComparer.Ordinal);

    public static async Task<FakeSidecar> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var sidecar = new FakeSidecar(app);
        app.Map("/v1.0/invoke/{app}/method/{**path}", sidecar.AnswerAsync);
        await app.StartAsync();
        return sidecar;
    }

    public void Answer(string app, string path, string json, int status = 200, string contentType = "application/json") =>
        Answers[$"{app}/{path}"] = (status, contentType, json);

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task AnswerAsync(HttpContext context, string app, string? path)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Calls.Enqueue((app, context.Request.Method, path ?? "", context.Request.QueryString.Value ?? "", new HeaderDictionary(context.Request.Headers.ToDictionary()), body));
        var (status, contentType, text) = Scripts.TryGetValue($"{app}/{path}", out var script) ? script(context.Request.Query) : Answers.TryGetValue($"{app}/{path}", out var answer)
            ? answer
            : (500, "application/json", """{"errorCode":"ERR_DIRECT_INVOKE","message":"failed to invoke"}""");
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.Headers.SetCookie = "upstream=1";
        await context.Response.WriteAsync(text);
    }
}
