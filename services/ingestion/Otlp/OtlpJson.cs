using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// OTLP's JSON form as protobuf, so that both are read alike. After the JSON mapping of protobuf with the deviations of OTLP's
/// specification: enumerations are numbers, names are in lowerCamelCase, unknown ones are passed over; numbers may be text.
/// </summary>
ref struct OtlpJson
{
    readonly WireWriter _wire = new();
    Utf8JsonReader _json;
    string _at = "$";

    OtlpJson(ReadOnlySpan<byte> json) => _json = new Utf8JsonReader(json);

    /// <summary>Writes a request as protobuf.</summary>
    /// <returns>Why it is none; null when it is.</returns>
    public static Refusal? Transcode(ReadOnlySpan<byte> json, out ReadOnlyMemory<byte> protobuf)
    {
        protobuf = default;
        var request = new OtlpJson(json);
        try
        {
            request._json.Read();
            request.Message(OtlpJsonFields.Of(OtlpJsonFields.Request));
            request._json.Read();
            protobuf = request._wire.Written;
            return null;
        }
        catch (Exception invalid) when (invalid is JsonException or FormatException or InvalidOperationException)
        {
            var place = invalid is JsonException { LineNumber: { } line, BytePositionInLine: { } at } ? $" (line {line + 1}, byte {at + 1})" : "";
            return new(400, "syntax", request._at, $"is not JSON of an ExportMetricsServiceRequest{place}");
        }
    }

    void Message(FrozenDictionary<string, JsonField> fields)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
            throw new FormatException("An object belongs here.");
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var name = _json.GetString()!;
            _json.Read();
            if (fields.TryGetValue(name, out var field))
            {
                _at = name;
                Field(field);
            }
            else
            {
                _json.Skip();
            }
        }
    }

    void Field(JsonField field)
    {
        if (_json.TokenType == JsonTokenType.Null)
            return;
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            Value(field);
            return;
        }
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            Value(field);
    }

    void Value(JsonField field)
    {
        switch (field.Form)
        {
            case JsonForm.Message:
                _wire.Begin(field.Number);
                Message(OtlpJsonFields.Of(field.Of));
                _wire.End();
                break;
            case JsonForm.Text:
                _wire.Text(field.Number, _json.GetString() ?? "");
                break;
            case JsonForm.Bytes:
                _wire.Bytes(field.Number, _json.GetBytesFromBase64());
                break;
            case JsonForm.Truth:
                _wire.Varint(field.Number, _json.GetBoolean() ? 1u : 0u);
                break;
            case JsonForm.Real:
                _wire.Fixed64(field.Number, BitConverter.DoubleToUInt64Bits(Real()));
                break;
            case JsonForm.Fixed or JsonForm.SignedFixed:
                _wire.Fixed64(field.Number, Whole());
                break;
            case JsonForm.ZigZag:
                var signed = (long)Whole();
                _wire.Varint(field.Number, (ulong)((signed << 1) ^ (signed >> 63)));
                break;
            default:
                _wire.Varint(field.Number, Whole());
                break;
        }
    }

    /// <summary>A whole number or text of one; negative ones as two's complement.</summary>
    ulong Whole()
    {
        var text = Digits();
        if (Utf8Parser.TryParse(text, out ulong unsigned, out var read) && read == text.Length)
            return unsigned;
        if (Utf8Parser.TryParse(text, out long signed, out read) && read == text.Length)
            return (ulong)signed;
        // Other ways of writing a whole number, such as 1e3.
        var real = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return real == Math.Floor(real) && Math.Abs(real) < long.MaxValue ? (ulong)(long)real : throw new FormatException("A whole number belongs here.");
    }

    double Real()
    {
        var text = Encoding.UTF8.GetString(Digits());
        return text switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
    }

    readonly ReadOnlySpan<byte> Digits() => _json.TokenType is JsonTokenType.Number or JsonTokenType.String
        ? _json.ValueSpan
        : throw new FormatException("A number belongs here.");
}
