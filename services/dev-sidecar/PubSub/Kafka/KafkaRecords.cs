using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub.Kafka;

/// <summary>Messages as Kafka records: metadata become headers, headers come back as metadata.</summary>
static class KafkaRecords
{
    public static ISerializer<string?> KeySerializer { get; } = new Keys();

    public static IDeserializer<string?> KeyDeserializer { get; } = new Keys();

    public static Message<string?, byte[]> Write(OutgoingMessage message, string? key, KafkaSettings settings)
    {
        var headers = new Headers();
        foreach (var (name, value) in message.Metadata)
        {
            if (settings.ExcludedHeaders?.IsMatch(name) != true)
            {
                headers.Add(name, Encoding.UTF8.GetBytes(value));
            }
        }

        return new() { Key = key, Value = Bytes(message.Value), Headers = headers };
    }

    public static LogRecord Read(ConsumeResult<string?, byte[]> result, KafkaSettings settings)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var header in result.Message.Headers ?? [])
        {
            if (settings.ExcludedHeaders?.IsMatch(header.Key) == true)
            {
                continue;
            }

            var value = header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
            headers.Add(new(header.Key, settings.EscapeHeaders ? QueryEscape(value) : value));
        }

        return new(result.Offset.Value, result.Message.Timestamp.UnixTimestampMs, result.Message.Key, headers, result.Message.Value ?? []);
    }

    /// <summary>As Go's url.QueryEscape, which Dapr uses: a space becomes '+'.</summary>
    static string QueryEscape(string value) => Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal);

    static byte[] Bytes(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.TryGetArray(value, out var segment) && segment.Array is { } array && segment.Offset == 0 && segment.Count == array.Length
            ? array
            : value.ToArray();

    /// <summary>Keys are text here as in Dapr; no key stays no key.</summary>
    sealed class Keys : ISerializer<string?>, IDeserializer<string?>
    {
        public byte[]? Serialize(string? data, SerializationContext context) => data is null ? null : Encoding.UTF8.GetBytes(data);

        public string? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => isNull ? null : Encoding.UTF8.GetString(data);
    }
}
