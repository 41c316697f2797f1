using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Grpc.Core;

namespace Forewarn.Hosting;

/// <summary>A message on its way out.</summary>
/// <param name="Key">Partition key: messages of one key stay in order.</param>
/// <param name="Id">CloudEvents id; deterministic where a consumer may need to recognise a repeat.</param>
public readonly record struct Outgoing<T>(string Key, string Id, T Data);

/// <summary>
/// Publishes batches with a partition key per entry through Dapr's bulk API. A call that returns has been acknowledged by
/// the broker as a whole; a call that throws may have been published in part, so the caller repeats the whole batch and
/// consumers recognise what they had.
/// </summary>
public sealed class KeyedPublisher(Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient client)
{
    /// <summary>Dapr refuses requests above 4 MiB unless configured otherwise; half of it leaves room for envelopes.</summary>
    const int MaxRequestBytes = 2 * 1024 * 1024;

    const int MaxEntries = 500;

    /// <exception cref="RpcException">The sidecar or the broker did not take it.</exception>
    public async Task PublishAsync<T>(
        string component, string topic, IReadOnlyList<Outgoing<T>> messages, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var request = NewRequest(component, topic);
        var size = 0;
        foreach (var message in messages)
        {
            var data = UnsafeByteOperations.UnsafeWrap(JsonSerializer.SerializeToUtf8Bytes(message.Data, type));
            if (request.Entries.Count > 0 && (size + data.Length > MaxRequestBytes || request.Entries.Count == MaxEntries))
            {
                await SendAsync(request, cancellationToken);
                request = NewRequest(component, topic);
                size = 0;
            }
            var entry = new BulkPublishRequestEntry
            {
                EntryId = request.Entries.Count.Invariant(),
                Event = data,
                ContentType = "application/json",
            };
            entry.Metadata.Add("partitionKey", message.Key);
            entry.Metadata.Add("cloudevent.id", message.Id);
            request.Entries.Add(entry);
            size += data.Length;
        }
        if (request.Entries.Count > 0)
            await SendAsync(request, cancellationToken);
    }

    public Task PublishAsync<T>(string component, string topic, Outgoing<T> message, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        PublishAsync(component, topic, [message], type, cancellationToken);

    async Task SendAsync(BulkPublishRequest request, CancellationToken cancellationToken)
    {
        var response = await client.BulkPublishEventAsync(request, cancellationToken: cancellationToken);
        if (response.FailedEntries.Count > 0)
            throw new RpcException(new Status(StatusCode.Unavailable,
                $"{response.FailedEntries.Count} of {request.Entries.Count} messages to {request.Topic} were refused: {response.FailedEntries[0].Error}"));
    }

    static BulkPublishRequest NewRequest(string component, string topic) => new() { PubsubName = component, Topic = topic };
}
