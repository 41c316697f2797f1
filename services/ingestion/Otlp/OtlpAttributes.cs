using System.Globalization;
using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Attributes of OTLP (<c>opentelemetry.proto.common.v1</c>) as text.</summary>
static class OtlpAttributes
{
    const int MostDepth = 8;

    /// <summary>Reads one <c>KeyValue</c>. One without a key or with an empty value says nothing and is passed over.</summary>
    /// <returns>False when it is no message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> keyValue, SortedDictionary<string, string> attributes)
    {
        var reader = new WireReader(keyValue);
        ReadOnlySpan<byte> key = default, value = default;
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Bytes))
                key = reader.Bytes();
            else if (reader.Is(2, WireType.Bytes))
                value = reader.Bytes();
            else
                reader.Skip();
        }
        if (reader.IsBroken)
            return false;
        var text = new StringBuilder();
        if (!TryAppend(value, text, isNested: false, MostDepth))
            return false;
        if (key.Length > 0 && text.Length > 0)
            attributes[Encoding.UTF8.GetString(key)] = text.ToString();
        return true;
    }

    /// <summary>An <c>AnyValue</c>: text as it is, within lists in quotes; numbers and truth values as JSON has them; bytes as base64.</summary>
    static bool TryAppend(ReadOnlySpan<byte> anyValue, StringBuilder text, bool isNested, int depth)
    {
        var reader = new WireReader(anyValue);
        var begin = text.Length;
        while (reader.Next())
        {
            // Of a oneof the last counts.
            text.Length = begin;
            if (reader.Is(1, WireType.Bytes))
                AppendText(Encoding.UTF8.GetString(reader.Bytes()), text, isNested);
            else if (reader.Is(2, WireType.Varint))
                text.Append(reader.Varint() != 0 ? "true" : "false");
            else if (reader.Is(3, WireType.Varint))
                text.Append(CultureInfo.InvariantCulture, $"{(long)reader.Varint()}");
            else if (reader.Is(4, WireType.Fixed64))
                text.Append(CultureInfo.InvariantCulture, $"{reader.Double():R}");
            else if (reader.Is(5, WireType.Bytes) || reader.Is(6, WireType.Bytes))
            {
                if (depth == 0 || !TryAppendList(reader.Bytes(), text, reader.Field == 6, depth - 1))
                    return false;
            }
            else if (reader.Is(7, WireType.Bytes))
                AppendText(Convert.ToBase64String(reader.Bytes()), text, isNested);
            else
                reader.Skip();
        }
        return !reader.IsBroken;
    }

    /// <summary>An <c>ArrayValue</c>, or a <c>KeyValueList</c>.</summary>
    static bool TryAppendList(ReadOnlySpan<byte> list, StringBuilder text, bool isKeyed, int depth)
    {
        text.Append(isKeyed ? '{' : '[');
        var begin = text.Length;
        var reader = new WireReader(list);
        while (reader.Next())
        {
            if (!reader.Is(1, WireType.Bytes))
            {
                reader.Skip();
                continue;
            }
            if (text.Length > begin)
                text.Append(',');
            if (!(isKeyed ? TryAppendPair(reader.Bytes(), text, depth) : TryAppend(reader.Bytes(), text, isNested: true, depth)))
                return false;
        }
        text.Append(isKeyed ? '}' : ']');
        return !reader.IsBroken;
    }

    static bool TryAppendPair(ReadOnlySpan<byte> keyValue, StringBuilder text, int depth)
    {
        var reader = new WireReader(keyValue);
        ReadOnlySpan<byte> key = default, value = default;
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Bytes))
                key = reader.Bytes();
            else if (reader.Is(2, WireType.Bytes))
                value = reader.Bytes();
            else
                reader.Skip();
        }
        AppendText(Encoding.UTF8.GetString(key), text, isNested: true);
        text.Append(':');
        return TryAppend(value, text, isNested: true, depth) && !reader.IsBroken;
    }

    static void AppendText(string value, StringBuilder text, bool isNested)
    {
        if (isNested)
            text.Append('"').Append(value.Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        else
            text.Append(value);
    }
}
