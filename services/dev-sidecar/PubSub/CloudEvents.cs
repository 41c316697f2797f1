using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace DevSidecar.PubSub;

/// <summary>What an app publishes.</summary>
readonly record struct PublishItem(ReadOnlyMemory<byte> Data, string? ContentType, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Where an event comes from and where it goes.</summary>
readonly record struct EnvelopeContext(string AppId, string PubSub, string Topic, string? TraceParent, string? TraceState, DateTimeOffset Now)
{
    public string Time { get; } = CloudEvents.Rfc3339(Now);
}

/// <summary>
/// Builds the CloudEvents 1.0 envelope as daprd does. JSON data is validated once and then spliced, never re-serialised,
/// so numbers keep their digits.
/// </summary>
static class CloudEvents
{
    public const string JsonContentType = "application/cloudevents+json";

    static readonly JsonWriterOptions WriterOptions = new()
    {
        SkipValidation = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="JsonException">The content type says CloudEvent and the body is none.</exception>
    public static ReadOnlyMemory<byte> Wrap(in PublishItem item, in EnvelopeContext context)
    {
        if (Flag(item.Metadata, "rawPayload"))
        {
            return item.Data;
        }

        var buffer = new ArrayBufferWriter<byte>(item.Data.Length + 512);
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        json.WriteStartObject();
        if (IsCloudEvent(item.ContentType))
        {
            WriteExisting(json, item, context);
        }
        else
        {
            WriteNew(json, item, context);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>What daprd makes of bytes that were published without an envelope and subscribed with rawPayload.</summary>
    public static byte[] WrapRaw(ReadOnlySpan<byte> data, string pubSub, string topic, string source, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>((data.Length * 4 / 3) + 512);
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, Guid.NewGuid());
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("type"u8, "com.dapr.event.sent"u8);
        json.WriteString("source"u8, source);
        json.WriteString("topic"u8, topic);
        json.WriteString("pubsubname"u8, pubSub);
        json.WriteString("datacontenttype"u8, "application/octet-stream"u8);
        json.WriteString("time"u8, Rfc3339(now));
        json.WriteBase64String("data_base64"u8, data);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static bool IsJson(string contentType)
    {
        var media = Media(contentType);
        return media.Equals("application/json", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    public static bool IsCloudEvent(string? contentType) =>
        contentType is not null && Media(contentType).Equals(JsonContentType, StringComparison.OrdinalIgnoreCase);

    public static bool IsBinary(string contentType) => Media(contentType) is var media
        && (media.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)
            || media.Equals("application/cloudevents+protobuf", StringComparison.OrdinalIgnoreCase));

    public static string Rfc3339(DateTimeOffset time) => time.Offset == TimeSpan.Zero
        ? time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>A child of the caller's span, or the root of a new, sampled trace.</summary>
    public static string TraceParent(string? incoming) => incoming is { Length: >= 55 }
        ? string.Concat(incoming.AsSpan(0, 36), ActivitySpanId.CreateRandom().ToHexString(), incoming.AsSpan(52, 3))
        : $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01";

    public static bool Flag(IReadOnlyDictionary<string, string> metadata, string name) =>
        metadata.TryGetValue(name, out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A version 4 UUID. It must be unique and need not be a secret; <see cref="Guid.NewGuid"/> asks the operating system each
    /// time, which costs a third of an envelope.
    /// </summary>
    static string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    static void WriteNew(Utf8JsonWriter json, in PublishItem item, in EnvelopeContext context)
    {
        var contentType = string.IsNullOrEmpty(item.ContentType) ? "text/plain" : item.ContentType;
        var metadata = item.Metadata;
        json.WriteString("id"u8, metadata.GetValueOrDefault("cloudevent.id") ?? NewId());
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("type"u8, metadata.GetValueOrDefault("cloudevent.type") ?? "com.dapr.event.sent");
        json.WriteString("source"u8, metadata.GetValueOrDefault("cloudevent.source") ?? context.AppId);
        if (metadata.TryGetValue("cloudevent.subject", out var subject))
        {
            json.WriteString("subject"u8, subject);
        }

        json.WriteString("topic"u8, context.Topic);
        json.WriteString("pubsubname"u8, context.PubSub);
        json.WriteString("datacontenttype"u8, contentType);
        json.WriteString("time"u8, context.Time);
        WriteTrace(json, metadata, context);
        WriteExpiration(json, metadata, context);
        WriteData(json, item.Data.Span, contentType);
    }

    static void WriteTrace(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata, in EnvelopeContext context)
    {
        var parent = metadata.GetValueOrDefault("cloudevent.traceparent") ?? TraceParent(context.TraceParent);
        json.WriteString("traceid"u8, metadata.GetValueOrDefault("cloudevent.traceid") ?? parent);
        json.WriteString("traceparent"u8, parent);
        json.WriteString("tracestate"u8, metadata.GetValueOrDefault("cloudevent.tracestate") ?? context.TraceState ?? "");
    }

    static void WriteExpiration(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata, in EnvelopeContext context)
    {
        if (metadata.TryGetValue("ttlInSeconds", out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
        {
            json.WriteString("expiration"u8, Rfc3339(context.Now.AddSeconds(seconds)));
        }
    }

    static void WriteData(Utf8JsonWriter json, ReadOnlySpan<byte> data, string contentType)
    {
        if (IsBinary(contentType))
        {
            json.WriteBase64String("data_base64"u8, data);
        }
        else if (IsJson(contentType) && IsValidJson(data))
        {
            json.WritePropertyName("data"u8);
            json.WriteRawValue(data, skipInputValidation: true);
        }
        else
        {
            // Through a string, because bytes that are no UTF-8 must not stop the writer.
            json.WriteString("data"u8, System.Text.Encoding.UTF8.GetString(data));
        }
    }

    static void WriteExisting(Utf8JsonWriter json, in PublishItem item, in EnvelopeContext context)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(item.Data.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a cloud event must be a JSON object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (name is "topic" or "pubsubname" || reader.TokenType == JsonTokenType.Null || !present.Add(name))
            {
                continue;
            }

            json.WritePropertyName(name);
            json.WriteRawValue(item.Data.Span[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }

        json.WriteString("topic"u8, context.Topic);
        json.WriteString("pubsubname"u8, context.PubSub);
        Fill(json, present, "id", item.Metadata.GetValueOrDefault("cloudevent.id") ?? NewId());
        Fill(json, present, "specversion", "1.0");
        Fill(json, present, "type", item.Metadata.GetValueOrDefault("cloudevent.type") ?? "com.dapr.event.sent");
        Fill(json, present, "source", item.Metadata.GetValueOrDefault("cloudevent.source") ?? context.AppId);
        Fill(json, present, "time", context.Time);
        var parent = item.Metadata.GetValueOrDefault("cloudevent.traceparent") ?? TraceParent(context.TraceParent);
        Fill(json, present, "traceid", parent);
        Fill(json, present, "traceparent", parent);
        Fill(json, present, "tracestate", context.TraceState ?? "");
        if (!present.Contains("expiration"))
        {
            WriteExpiration(json, item.Metadata, context);
        }
    }

    static void Fill(Utf8JsonWriter json, HashSet<string> present, string name, string value)
    {
        if (!present.Contains(name))
        {
            json.WriteString(name, value);
        }
    }

    static bool IsValidJson(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            while (reader.Read())
            {
            }

            return data.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static ReadOnlySpan<char> Media(string contentType)
    {
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType.AsSpan(0, end)).Trim();
    }
}
