using System.Text.Json;

namespace Forewarn.Hosting;

/// <summary>One entry of a bulk delivery: its id and the raw JSON of the event's <c>data</c>, or a raw message as it lay on the broker.</summary>
readonly record struct BulkEntry(string EntryId, ReadOnlyMemory<byte> Data);

/// <summary>
/// Cuts Dapr's bulk payload into entries without building a document, so that one unreadable entry does not spoil the
/// others and payloads are parsed once: of the <c>data</c> only the end is sought here, who deserialises it checks it.
/// </summary>
static class BulkPayload
{
    /// <exception cref="JsonException">The payload itself is not a bulk delivery.</exception>
    public static List<BulkEntry> Split(ReadOnlyMemory<byte> body)
    {
        var reader = new Envelope(body);
        var entries = new List<BulkEntry>();
        Enter(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Json.ValueTextEquals("entries"u8))
            {
                Enter(ref reader, JsonTokenType.StartArray);
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                    entries.Add(ReadEntry(ref reader));
            }
            else
            {
                reader.Json.Skip();
            }
        }
        return entries;
    }

    static BulkEntry ReadEntry(ref Envelope reader)
    {
        string? id = null;
        ReadOnlyMemory<byte> data = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Json.ValueTextEquals("entryId"u8))
            {
                reader.Read();
                id = reader.Json.GetString();
            }
            else if (reader.Json.ValueTextEquals("event"u8))
            {
                reader.Read();
                data = reader.TokenType switch
                {
                    JsonTokenType.StartObject => ReadData(ref reader),
                    JsonTokenType.String when reader.Json.TryGetBytesFromBase64(out var raw) => DataOfRaw(raw),
                    _ => default,
                };
            }
            else
            {
                reader.Json.Skip();
            }
        }
        return new BulkEntry(id ?? throw new JsonException("A bulk entry has no entryId."), data);
    }

    static ReadOnlyMemory<byte> ReadData(ref Envelope reader)
    {
        ReadOnlyMemory<byte> data = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Json.ValueTextEquals("data"u8))
                data = reader.CutValue();
            else
                reader.Json.Skip();
        }
        return data;
    }

    /// <summary>On a topic of raw messages anyone may write, and Dapr's own publishers put theirs into an envelope: then its data counts.</summary>
    static ReadOnlyMemory<byte> DataOfRaw(ReadOnlyMemory<byte> message)
    {
        try
        {
            var reader = new Envelope(message);
            var (isEvent, data) = (false, default(ReadOnlyMemory<byte>));
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return message;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                isEvent |= reader.Json.ValueTextEquals("specversion"u8);
                if (reader.Json.ValueTextEquals("data"u8))
                    data = reader.CutValue();
                else
                    reader.Json.Skip();
            }
            return isEvent ? data : message;
        }
        catch (JsonException)
        {
            // Whoever reads the message says what is wrong with it.
            return message;
        }
    }

    static void Enter(ref Envelope reader, JsonTokenType expected)
    {
        if (!reader.Read() || reader.TokenType != expected)
            throw new JsonException($"A bulk delivery must have {expected} at byte {reader.Position}.");
    }

    /// <summary>A reader of the payload that can step over a value without looking at what it is made of.</summary>
    ref struct Envelope(ReadOnlyMemory<byte> body)
    {
        int _begin;

        public Utf8JsonReader Json = new(body.Span);

        public readonly JsonTokenType TokenType => Json.TokenType;

        /// <summary>Bytes of the payload that were read.</summary>
        public readonly int Position => _begin + checked((int)Json.BytesConsumed);

        public bool Read() => Json.Read();

        /// <summary>The value of the property whose name was read last.</summary>
        public ReadOnlyMemory<byte> CutValue()
        {
            var start = Position + JsonScan.WhitespaceAt(body.Span[Position..]);
            if (start == body.Length || body.Span[start] is not ((byte)'{' or (byte)'[' or (byte)'"'))
                return CutLiteral();
            var length = JsonScan.LengthOf(body.Span[start..]);
            if (length < 0)
                throw new JsonException($"A bulk delivery ends within the value that begins at byte {start}.");

            // Any value in its place brings the reader into the state in which it goes on behind it.
            var instead = new Utf8JsonReader("null"u8, isFinalBlock: false, Json.CurrentState);
            instead.Read();
            _begin = start + length;
            Json = new Utf8JsonReader(body.Span[_begin..], isFinalBlock: true, instead.CurrentState);
            return body.Slice(start, length);
        }

        /// <summary>Numbers and names end where the reader says.</summary>
        ReadOnlyMemory<byte> CutLiteral()
        {
            if (!Json.Read())
                throw new JsonException($"A bulk delivery has no value at byte {Position}.");
            var start = _begin + checked((int)Json.TokenStartIndex);
            return body[start..Position];
        }
    }
}
