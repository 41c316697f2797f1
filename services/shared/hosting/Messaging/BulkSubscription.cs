using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dapr.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Forewarn.Hosting;

/// <summary>How a topic is delivered.</summary>
/// <param name="MaxCount">Messages in one delivery at most.</param>
/// <param name="MaxAwaitMs">How long the broker side may wait for more.</param>
/// <param name="Raw">Messages need no CloudEvents envelope: anyone may write to the topic.</param>
public sealed record BulkOptions(int MaxCount = 200, int MaxAwaitMs = 50, bool Raw = false);

public static class BulkSubscription
{
    /// <summary>
    /// Subscribes to a topic in bulk. The handler gets the readable messages of one delivery, in order per key, and applies
    /// all of them or throws: then all are delivered again. What cannot be read goes to the dead topic with its reason.
    /// </summary>
    /// <param name="quick">Reads what it can faster than the contract's serialiser would, and gives null for the rest.</param>
    public static IEndpointConventionBuilder MapBulkSubscription<T>(
        this IEndpointRouteBuilder routes,
        string component,
        string topic,
        JsonTypeInfo<T> type,
        Func<IReadOnlyList<T>, CancellationToken, Task> handler,
        BulkOptions? options = null,
        Func<ReadOnlySpan<byte>, T?>? quick = null)
        where T : class
    {
        options ??= new BulkOptions();
        var logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Forewarn.Subscriptions");
        var deadLetters = routes.ServiceProvider.GetRequiredService<DeadLetters>();
        DeadLetters.Expect(topic);
        return routes
            .MapPost($"/subscriptions/{component}/{topic}", context => HandleAsync(context, topic, type, quick, handler, deadLetters, logger))
            .WithTopic(component, topic, enableRawPayload: options.Raw)
            .WithMetadata(new BulkSubscribeAttribute(topic, options.MaxCount, options.MaxAwaitMs))
            .ExcludeFromDescription();
    }

    static async Task HandleAsync<T>(
        HttpContext context, string topic, JsonTypeInfo<T> type, Func<ReadOnlySpan<byte>, T?>? quick, Func<IReadOnlyList<T>, CancellationToken, Task> handler,
        DeadLetters deadLetters, ILogger logger)
        where T : class
    {
        // Deliveries are larger than what the collector moves about cheaply; what messages keep of one is a copy.
        using var body = await ReadBodyAsync(context.Request, context.RequestAborted);
        var entries = BulkPayload.Split(body.Memory);
        var messages = new List<T>(entries.Count);
        var success = false;
        try
        {
            foreach (var entry in entries)
            {
                if (TryRead(entry, type, quick, out var message, out var reason))
                    messages.Add(message);
                else
                    await deadLetters.PublishAsync(topic, reason, entry.Data, context.RequestAborted);
            }
            if (messages.Count > 0)
                await handler(messages, context.RequestAborted);
            success = true;
        }
        catch (NotReadyException awaited)
        {
            HostingLog.DeliveryPostponed(logger, topic, entries.Count, awaited.Message);
        }
#pragma warning disable CA1031 // Whatever went wrong, the broker keeps the messages and delivers them again.
        catch (Exception outage)
#pragma warning restore CA1031
        {
            if (!context.RequestAborted.IsCancellationRequested)
                HostingLog.DeliveryFailed(logger, topic, entries.Count, outage);
        }
        await WriteStatusesAsync(context.Response, entries, success ? "SUCCESS"u8.ToArray() : "RETRY"u8.ToArray());
    }

    static bool TryRead<T>(BulkEntry entry, JsonTypeInfo<T> type, Func<ReadOnlySpan<byte>, T?>? quick, out T message, out string reason)
        where T : class
    {
        message = null!;
        if (entry.Data.IsEmpty)
        {
            reason = "The event has no JSON data.";
            return false;
        }
        try
        {
            message = quick?.Invoke(entry.Data.Span) ?? JsonSerializer.Deserialize(entry.Data.Span, type)!;
            reason = message is null ? "The event's data is null." : "";
            return message is not null;
        }
        catch (JsonException unreadable)
        {
            reason = unreadable.Message;
            return false;
        }
    }

    static async Task<RentedBytes> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is { } length)
        {
            var exact = new RentedBytes(checked((int)length));
            try
            {
                await request.Body.ReadExactlyAsync(exact.Memory, cancellationToken);
                return exact;
            }
            catch
            {
                exact.Dispose();
                throw;
            }
        }
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        var copy = new RentedBytes(checked((int)buffer.Length));
        buffer.GetBuffer().AsSpan(0, copy.Memory.Length).CopyTo(copy.Memory.Span);
        return copy;
    }

    static async Task WriteStatusesAsync(HttpResponse response, List<BulkEntry> entries, byte[] status)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + entries.Count * 48);
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("statuses"u8);
            foreach (var entry in entries)
            {
                json.WriteStartObject();
                json.WriteString("entryId"u8, entry.EntryId);
                json.WriteString("status"u8, status);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        response.ContentType = "application/json";
        response.ContentLength = buffer.WrittenCount;
        await response.Body.WriteAsync(buffer.WrittenMemory, response.HttpContext.RequestAborted);
    }

    /// <summary>Bytes of the shared pool.</summary>
    sealed class RentedBytes(int length) : IDisposable
    {
        readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(length);

        public Memory<byte> Memory => _bytes.AsMemory(0, length);

        public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
    }
}
