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

    FakeSidecar(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Topic, string Key, byte[] Data)> Published { get; } = new();
    public ConcurrentDictionary<string, byte[]> State { get; } = new(StringComparer.Ordinal);

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

    async Task SaveStateAsync(HttpContext context)
    {
        foreach (var item in SaveStateRequest.Parser.ParseFrom(await ReadMessageAsync(context)).States)
            State[item.Key] = item.Value.ToByteArray();
        await AnswerAsync(context, new Empty());
    }

    /// <summary>gRPC on the wire: one byte of flags, four of length, the message.</summary>
    static async Task<byte[]> ReadMessageAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray()[5..];
    }

    /// <summary>A message, or the status for an outage.</summary>
    static async Task AnswerAsync(HttpContext context, IMessage? message)
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
        context.Response.AppendTrailer("grpc-status", message is null ? "14" : "0");
        context.Response.AppendTrailer("grpc-message", message is null ? "the broker is away" : "");
    }
}
