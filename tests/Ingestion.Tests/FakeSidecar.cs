using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;
using Dapr.Client.Autogen.Grpc.v1;
using Forewarn.Contracts;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Forewarn.Ingestion.Tests;

public enum Outcome
{
    Stored,
    Lost,

    /// <summary>The broker has it, the answer does not arrive.</summary>
    StoredButFailed,

    /// <summary>The first entry is stored, the others are refused.</summary>
    PartlyStored,
}

/// <summary>A sidecar that speaks gRPC that remembers what is published and fails on command.</summary>
public sealed class FakeSidecar : IAsyncDisposable
{
    readonly WebApplication _app;
    int _cardCallsLost;

    FakeSidecar(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Topic, string Key, byte[] Data)> Published { get; } = new();
    public ConcurrentDictionary<string, byte[]> State { get; } = new(StringComparer.Ordinal);

    /// <summary>What was written into the store of cards, in order.</summary>
    public ConcurrentQueue<EntityCard> Cards { get; } = new();

    /// <summary>Whether the store of cards does not answer.</summary>
    public bool AreCardsAway { get; set; }

    /// <summary>What another replica writes after the next card was read.</summary>
    public ConcurrentQueue<EntityCard> Others { get; } = new();

    /// <summary>Calls of the store of cards that it did not answer.</summary>
    public int CardCallsLost => Volatile.Read(ref _cardCallsLost);

    /// <summary>What happens to the next publish calls; stored when empty.</summary>
    public ConcurrentQueue<Outcome> Next { get; } = new();

    /// <summary>What happens when <see cref="Next"/> is empty.</summary>
    public Outcome Otherwise { get; set; } = Outcome.Stored;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public IReadOnlyList<MetricBatch> Raw =>
        [.. Published.Where(message => message.Topic == Topics.MetricsRaw)
            .Select(message => JsonSerializer.Deserialize(message.Data, ContractJson.Default.MetricBatch)!)];

    public SeriesSchema Schema(string hash) => JsonSerializer.Deserialize(State[hash], ContractJson.Default.SeriesSchema)!;

    /// <summary>What was published of a series and measured, in the order of its arrival.</summary>
    public IReadOnlyList<double> ValuesOf(string entity, string name) =>
    [
        .. Raw.Where(batch => batch.Entity == entity).SelectMany(batch => Schema(batch.Schema).Columns.Index()
            .Where(column => column.Item.Name == name).SelectMany(column => batch.Rows.Select(row => row.Values[column.Index])))
            .Where(value => !double.IsNaN(value)),
    ];

    public static async Task<FakeSidecar> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var sidecar = new FakeSidecar(app);
        app.MapPost("/dapr.proto.runtime.v1.Dapr/BulkPublishEvent", sidecar.BulkPublishAsync);
        app.MapPost("/dapr.proto.runtime.v1.Dapr/SaveState", sidecar.SaveStateAsync);
        app.MapPost("/dapr.proto.runtime.v1.Dapr/GetState", sidecar.GetStateAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return sidecar;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task BulkPublishAsync(HttpContext context)
    {
        var request = BulkPublishRequest.Parser.ParseFrom(await ReadMessageAsync(context));
        var outcome = Next.TryDequeue(out var next) ? next : Otherwise;
        var stored = outcome switch { Outcome.Lost => 0, Outcome.PartlyStored => 1, _ => request.Entries.Count };
        foreach (var entry in request.Entries.Take(stored))
            Published.Enqueue((request.Topic, entry.Metadata["partitionKey"], entry.Event.ToByteArray()));
        if (outcome is Outcome.Lost or Outcome.StoredButFailed)
        {
            await AnswerAsync(context, null);
            return;
        }
        var response = new BulkPublishResponse();
        response.FailedEntries.AddRange(request.Entries.Skip(stored)
            .Select(entry => new BulkPublishResponseFailedEntry { EntryId = entry.EntryId, Error = "no leader" }));
        await AnswerAsync(context, response);
    }

    /// <summary>The card of an entity as it lies in the store; null when there is none.</summary>
    public EntityCard? Card(string entity) => Cards.LastOrDefault(card => card.Entity == entity);

    async Task SaveStateAsync(HttpContext context)
    {
        var request = SaveStateRequest.Parser.ParseFrom(await ReadMessageAsync(context));
        if (request.StoreName != Components.Entities)
        {
            foreach (var item in request.States)
                State[item.Key] = item.Value.ToByteArray();
        }
        else if (AreCardsAway)
        {
            await LoseCardCallAsync(context);
            return;
        }
        else if (request.States.Any(item => (item.Etag?.Value ?? "") != EtagOf(item.Key)))
        {
            await AnswerAsync(context, null, "10", "the ETag has changed");
            return;
        }
        else
        {
            foreach (var item in request.States)
                Cards.Enqueue(JsonSerializer.Deserialize(item.Value.Span, ContractJson.Default.EntityCard)!);
        }
        await AnswerAsync(context, new Empty());
    }

    async Task GetStateAsync(HttpContext context)
    {
        var request = GetStateRequest.Parser.ParseFrom(await ReadMessageAsync(context));
        if (AreCardsAway)
        {
            await LoseCardCallAsync(context);
            return;
        }
        var response = new GetStateResponse { Etag = EtagOf(request.Key) };
        if (request.StoreName == Components.Entities && Card(request.Key) is { } card)
            response.Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(card, ContractJson.Default.EntityCard));
        if (request.StoreName == Components.Entities && Others.TryDequeue(out var other))
            Cards.Enqueue(other);
        await AnswerAsync(context, response);
    }

    string EtagOf(string entity) => Cards.Count(card => card.Entity == entity) is > 0 and var writes ? $"{writes}" : "";

    Task LoseCardCallAsync(HttpContext context)
    {
        Interlocked.Increment(ref _cardCallsLost);
        return AnswerAsync(context, null, "14", "the store is away");
    }

    /// <summary>gRPC on the wire: one byte of flags, four of length, the message.</summary>
    static async Task<byte[]> ReadMessageAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray()[5..];
    }

    /// <summary>A message, or the status for an outage.</summary>
    static async Task AnswerAsync(HttpContext context, IMessage? message, string status = "14", string reason = "the broker is away")
    {
        context.Response.ContentType = "application/grpc";
        if (message is not null)
        {
            var payload = message.ToByteArray();
            var frame = new byte[5 + payload.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
            payload.CopyTo(frame, 5);
            await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        }
        context.Response.AppendTrailer("grpc-status", message is null ? status : "0");
        context.Response.AppendTrailer("grpc-message", message is null ? reason : "");
    }
}
