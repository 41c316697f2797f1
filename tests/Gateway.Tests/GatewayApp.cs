using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json;
using System.Text;
using DevSidecar;
using Forewarn.Contracts;
using Forewarn.Gateway.Live;
using Forewarn.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Gateway.Tests;

/// <summary>The gateway on real ports in front of a fake sidecar, with a clock of its own.</summary>
sealed class GatewayApp : IAsyncDisposable
{
    public const string DaprToken = "sidecar-token";

    readonly WebApplication _app;

    GatewayApp(WebApplication app, FakeSidecar sidecar, FakeTimeProvider time, int port, ConcurrentDictionary<string, SeriesSchema> schemas)
    {
        _app = app;
        Sidecar = sidecar;
        Time = time;
        Schemas = schemas;
        Public = new Uri($"http://127.0.0.1:{port}");
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Public };
    }

    public FakeSidecar Sidecar { get; }
    public FakeTimeProvider Time { get; }
    public ConcurrentDictionary<string, SeriesSchema> Schemas { get; }
    public Uri Public { get; }
    public HttpClient Client { get; }
    public Uri AppPort => new(_app.Urls.Single(url => new Uri(url).Port != Public.Port));

    public static async Task<GatewayApp> StartAsync(params string[] settings)
    {
        var sidecar = await FakeSidecar.StartAsync();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));
        var schemas = new ConcurrentDictionary<string, SeriesSchema>(StringComparer.Ordinal);
        var port = FreePorts.Next();
        var builder = ServiceHost.Create(
            [$"--Gateway:Port={port.ToString(CultureInfo.InvariantCulture)}", "--APP_PORT=0", $"--DAPR_HTTP_ENDPOINT={sidecar.Endpoint}", $"--DAPR_API_TOKEN={DaprToken}", .. settings],
            Apps.Gateway);
        builder.Logging.ClearProviders();
        builder.AddGateway();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
        builder.Services.Replace(ServiceDescriptor.Singleton<SchemaSource>((hash, _) =>
            schemas.TryGetValue(hash, out var schema) ? ValueTask.FromResult(schema) : throw new SchemaMissingException(hash)));
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGateway();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new GatewayApp(app, sidecar, time, port, schemas);
    }

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Delivers messages as the sidecar would.</summary>
    public async Task DeliverAsync<T>(string topic, JsonTypeInfo<T> type, params IEnumerable<T> messages)
    {
        var entries = messages.Select((message, i) => $$"""{"entryId":"{{i}}","event":{"id":"x","data":{{JsonSerializer.Serialize(message, type)}}},"contentType":"application/cloudevents+json"}""");
        using var http = new HttpClient { BaseAddress = AppPort };
        using var content = new StringContent($$"""{"id":"d","entries":[{{string.Join(',', entries)}}]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync($"/subscriptions/broadcast/{topic}", content, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("RETRY");
    }

    public async Task<EventReader> StreamAsync(string query = "", long? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/stream{query}");
        if (lastEventId is { } id)
            request.Headers.Add("Last-Event-ID", id.ToString(CultureInfo.InvariantCulture));
        var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        return new EventReader(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Sidecar.DisposeAsync();
    }
}

/// <summary>Reads server-sent events; a comment is an event named ":".</summary>
sealed class EventReader(HttpResponseMessage response, Stream body) : IDisposable
{
    readonly StreamReader _reader = new(body);

    public async Task<(string Name, JsonElement Data, long? Id)> NextAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        string? name = null, data = null;
        long? id = null;
        while (await _reader.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.Length == 0 && name is not null)
                return (name, data is null ? default : JsonDocument.Parse(data).RootElement, id);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            switch (colon < 0 ? line : line[..colon])
            {
                case "":
                    name = line.Length == 0 ? name : ":";
                    break;
                case "event":
                    name = line[(colon + 2)..];
                    break;
                case "data":
                    data = line[(colon + 2)..];
                    break;
                case "id":
                    id = long.Parse(line[(colon + 2)..], CultureInfo.InvariantCulture);
                    break;
            }
        }
        throw new EndOfStreamException("The stream ended.");
    }

    /// <summary>The next event that is not a status.</summary>
    public async Task<(string Name, JsonElement Data, long? Id)> NextNewsAsync()
    {
        while (true)
        {
            var next = await NextAsync();
            if (next.Name is not ("status" or ":"))
                return next;
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        response.Dispose();
    }
}
