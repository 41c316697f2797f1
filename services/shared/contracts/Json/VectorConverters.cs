using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>A column of doubles as JSON numbers, lossless; NaN and infinities travel as null.</summary>
public sealed class DoubleColumnConverter : JsonConverter<double[]>
{
    public override double[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("Expected an array of numbers or nulls.");
        var values = ArrayPool<double>.Shared.Rent(64);
        var count = 0;
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (count == values.Length)
                    values = Grow(values);
                values[count++] = reader.TokenType == JsonTokenType.Null ? double.NaN : Number(ref reader);
            }
            return values.AsSpan(0, count).ToArray();
        }
        finally
        {
            ArrayPool<double>.Shared.Return(values);
        }
    }

    public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        Span<byte> text = stackalloc byte[ShortNumber.MostBytes];
        foreach (var number in value)
        {
            if (ShortNumber.TryWrite(number, text, out var length))
                writer.WriteRawValue(text[..length], skipInputValidation: true);
            else if (double.IsFinite(number))
                writer.WriteNumberValue(number);
            else
                writer.WriteNullValue();
        }
        writer.WriteEndArray();
    }

    static double Number(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && !reader.HasValueSequence && ShortNumber.TryRead(reader.ValueSpan, out var value) ? value : reader.GetDouble();

    static double[] Grow(double[] full)
    {
        var larger = ArrayPool<double>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<double>.Shared.Return(full);
        return larger;
    }
}

/// <summary>A vector of float32 as base64 of its little-endian bytes; NaN = masked. See docs/adr/0001.</summary>
public sealed class FloatVectorConverter : JsonConverter<float[]>
{
    public override float[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("Expected base64 of little-endian float32 values.");
        var length = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(length));
        try
        {
            var written = Decode(ref reader, bytes);
            if (written % sizeof(float) != 0)
                throw new JsonException($"A float32 vector of {written} bytes is cut off.");
            var vector = new float[written / sizeof(float)];
            bytes.AsSpan(0, written).CopyTo(MemoryMarshal.AsBytes(vector.AsSpan()));
            return vector;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public override void Write(Utf8JsonWriter writer, float[] value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(MemoryMarshal.AsBytes(value.AsSpan()));

    static int Decode(ref Utf8JsonReader reader, byte[] target)
    {
        if (!reader.HasValueSequence && !reader.ValueIsEscaped)
        {
            if (Base64.DecodeFromUtf8(reader.ValueSpan, target, out _, out var written) != OperationStatus.Done)
                throw new JsonException("A float32 vector is not valid base64.");
            return written;
        }
        var bytes = reader.GetBytesFromBase64();
        bytes.CopyTo(target, 0);
        return bytes.Length;
    }
}
