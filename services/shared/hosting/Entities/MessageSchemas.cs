using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Forewarn.Contracts;

namespace Forewarn.Hosting;

/// <summary>A message with its columns.</summary>
public readonly record struct Readable<T>(T Message, SeriesSchema Schema);

/// <summary>
/// Finds the columns of a delivery's messages before anything is changed. What can never be understood goes to the dead
/// topic with its reason.
/// </summary>
/// <param name="topic">Where the messages come from.</param>
/// <param name="type">How they look as JSON.</param>
/// <param name="misfit">Why a message does not fit its schema, null when it does.</param>
public sealed class MessageSchemas<T>(
    string topic, JsonTypeInfo<T> type, Func<T, SeriesSchema, string?> misfit, SchemaRegistry schemas, DeadLetters deadLetters, TimeProvider time)
    where T : EntityMessage
{
    /// <summary>A schema is written before the first message that names it; one that is missing for this long was lost.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>Messages by entity, in the order of the delivery.</returns>
    /// <exception cref="SchemaMissingException">A schema is not there yet; the delivery is to be repeated.</exception>
    public async Task<Dictionary<string, List<Readable<T>>>> ResolveAsync(IReadOnlyList<T> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var byEntity = new Dictionary<string, List<Readable<T>>>(messages.Count, StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (await SchemaOfAsync(message, cancellationToken) is not { } schema)
                continue;
            if (!byEntity.TryGetValue(message.Entity, out var readable))
                byEntity[message.Entity] = readable = [];
            readable.Add(new Readable<T>(message, schema));
        }
        return byEntity;
    }

    async ValueTask<SeriesSchema?> SchemaOfAsync(T message, CancellationToken cancellationToken)
    {
        SeriesSchema schema;
        try
        {
            schema = await schemas.GetAsync(message.Schema, cancellationToken);
        }
        catch (SchemaMissingException missing) when (IsOld(message))
        {
            await RefuseAsync(message, missing.Message, cancellationToken);
            return null;
        }
        if (misfit(message, schema) is not { } reason)
            return schema;
        await RefuseAsync(message, reason, cancellationToken);
        return null;
    }

    bool IsOld(T message) => time.GetUtcNow().ToUnixTimeMilliseconds() - message.Stamps.Received > Patience.TotalMilliseconds;

    Task RefuseAsync(T message, string reason, CancellationToken cancellationToken) =>
        deadLetters.PublishAsync(topic, reason, JsonSerializer.SerializeToUtf8Bytes(message, type), cancellationToken);
}
