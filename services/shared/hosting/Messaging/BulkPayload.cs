using System.Text.Json;

namespace Forewarn.Hosting;

/// <summary>One entry of a bulk delivery: its id and the raw JSON of the event's <c>data</c>.</summary>
readonly record struct BulkEntry(string EntryId, ReadOnlyMemory<byte> Data);

/// <summary>
/// Cuts Dapr's bulk payload into entries without building a document, so that one unreadable entry does not spoil the
/// others and payloads are parsed once.
/// </summary>
static class BulkPayload
{
    /// <exception cref="JsonException">The payload itself is not a bulk delivery.</exception>
    public static List<BulkEntry> Split(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        var entries = new List<BulkEntry>();
        Enter(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("entries"u8))
            {
                Enter(ref reader, JsonTokenType.StartArray);
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                    entries.Add(ReadEntry(ref reader, body));
            }
            else
            {
                reader.Skip();
            }
        }
        return entries;
    }

    static BulkEntry ReadEntry(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        string? id = null;
        ReadOnlyMemory<byte> data = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("entryId"u8))
            {
                reader.Read();
                id = reader.GetString();
            }
            else if (reader.ValueTextEquals("event"u8))
            {
                reader.Read();
                data = reader.TokenType == JsonTokenType.StartObject ? ReadData(ref reader, body) : default;
            }
            else
            {
                reader.Skip();
            }
        }
        return new BulkEntry(id ?? throw new JsonException("A bulk entry has no entryId."), data);
    }

    static ReadOnlyMemory<byte> ReadData(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        ReadOnlyMemory<byte> data = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            var start = checked((int)reader.TokenStartIndex);
            reader.Skip();
            if (isData)
                data = body[start..checked((int)reader.BytesConsumed)];
        }
        return data;
    }

    static void Enter(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        if (!reader.Read() || reader.TokenType != expected)
            throw new JsonException($"A bulk delivery must have {expected} at byte {reader.BytesConsumed}.");
    }
}
