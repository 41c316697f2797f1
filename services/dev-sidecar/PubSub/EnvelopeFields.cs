using System.Globalization;
using System.Text.Json;

namespace DevSidecar.PubSub;

/// <summary>The few envelope members a delivery needs, read without building a document.</summary>
readonly record struct EnvelopeFields(string? TraceParent, DateTimeOffset? Expiration)
{
    /// <summary>False when the bytes are not a JSON object: then they are no cloud event.</summary>
    public static bool TryRead(ReadOnlySpan<byte> envelope, out EnvelopeFields fields)
    {
        fields = default;
        try
        {
            var reader = new Utf8JsonReader(envelope);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            string? parent = null;
            DateTimeOffset? expiration = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isParent = reader.ValueTextEquals("traceparent"u8);
                var isExpiration = !isParent && reader.ValueTextEquals("expiration"u8);
                reader.Read();
                if (isParent && reader.TokenType == JsonTokenType.String)
                {
                    parent = reader.GetString();
                }
                else if (isExpiration && reader.TokenType == JsonTokenType.String
                    && DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                {
                    expiration = time;
                }
                else
                {
                    reader.Skip();
                }
            }

            fields = new(parent, expiration);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
