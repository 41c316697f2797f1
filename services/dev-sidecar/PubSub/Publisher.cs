using System.Text.Json;
using DevSidecar.Api;
using DevSidecar.DurableLog;
using DevSidecar.Resiliency;
using Grpc.Core;

namespace DevSidecar.PubSub;

/// <summary>An entry of a bulk publish.</summary>
readonly record struct BulkEntry(string EntryId, PublishItem Item);

/// <summary>Publishes for one app: scopes, envelope, broker, metrics.</summary>
sealed class Publisher(AppSidecar sidecar)
{
    public Task PublishAsync(string pubSub, string topic, PublishItem item, string? traceParent, string? traceState, CancellationToken cancellationToken) =>
        PublishAsync(pubSub, topic, [item], bulk: false, traceParent, traceState, cancellationToken);

    /// <summary>Request metadata override entry metadata, as in Dapr's Kafka component.</summary>
    public Task PublishBulkAsync(
        string pubSub, string topic, IReadOnlyList<BulkEntry> entries, IReadOnlyDictionary<string, string> metadata,
        string? traceParent, string? traceState, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var items = new PublishItem[entries.Count];
        for (var i = 0; i < items.Length; i++)
        {
            if (entries[i].EntryId.Length == 0 || !ids.Add(entries[i].EntryId))
            {
                throw new ApiException(400, StatusCode.InvalidArgument, "ERR_PUBSUB_EVENTS_SER",
                    $"error when marshalling bulk events for topic {topic} pubsub {pubSub}: entryId is duplicated or not present for entry");
            }

            items[i] = metadata.Count == 0 ? entries[i].Item : entries[i].Item with { Metadata = Merge(entries[i].Item.Metadata, metadata) };
        }

        return PublishAsync(pubSub, topic, items, bulk: true, traceParent, traceState, cancellationToken);
    }

    async Task PublishAsync(
        string pubSub, string topic, PublishItem[] items, bool bulk, string? traceParent, string? traceState, CancellationToken cancellationToken)
    {
        var component = sidecar.Components.PubSub(pubSub);
        if (topic.Length == 0)
        {
            throw new ApiException(404, StatusCode.InvalidArgument, "ERR_TOPIC_NAME_EMPTY", "topic is empty in pubsub " + pubSub);
        }

        if (!component.MayPublish(sidecar.AppId, topic))
        {
            throw new ApiException(403, StatusCode.PermissionDenied, "ERR_PUBSUB_FORBIDDEN", $"topic {topic} is not allowed for app id {sidecar.AppId}");
        }

        var started = sidecar.Time.GetTimestamp();
        var success = false;
        try
        {
            var context = new EnvelopeContext(sidecar.AppId, pubSub, topic, traceParent, traceState, sidecar.Time.GetLocalNow());
            var messages = new OutgoingMessage[items.Length];
            for (var i = 0; i < messages.Length; i++)
            {
                messages[i] = new(CloudEvents.Wrap(items[i], context), items[i].Metadata);
            }

            success = await sidecar.Guards.Outbound(pubSub, "Pubsub").RunAsync(
                async token =>
                {
                    // The log writes what it has taken, whoever waits; a time-out ends the waiting.
                    await component.Broker.PublishAsync(topic, messages, token).WaitAsync(token);
                    return true;
                },
                null, static e => e is LogUnavailableException ? Outcome.Failure : Outcome.Final, cancellationToken);
        }
        catch (JsonException e)
        {
            throw new ApiException(400, StatusCode.InvalidArgument, "ERR_PUBSUB_CLOUD_EVENTS_SER", $"error when marshalling cloud event for topic {topic} pubsub {pubSub}: {e.Message}");
        }
        catch (Exception e) when (e is LogUnavailableException or TimeoutException or CircuitOpenException)
        {
            throw new ApiException(500, StatusCode.Internal, "ERR_PUBSUB_PUBLISH_MESSAGE", $"error when publishing to topic {topic} in pubsub {pubSub}: {e.Message}");
        }
        finally
        {
            sidecar.Telemetry.Published(pubSub, topic, bulk, success, sidecar.Time.GetElapsedTime(started));
        }
    }

    static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> entry, IReadOnlyDictionary<string, string> request)
    {
        var merged = new Dictionary<string, string>(entry, StringComparer.Ordinal);
        foreach (var (name, value) in request)
        {
            merged[name] = value;
        }

        return merged;
    }
}
