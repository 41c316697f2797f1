using System.Buffers.Text;

namespace Forewarn.Ingestion;

/// <summary>Field values of Influx's line protocol that are numbers: <c>1.5</c>, <c>-2e9</c>, <c>7i</c>, <c>7u</c>, and truth values as 1 and 0.</summary>
static class LineNumber
{
    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        if (text.IsEmpty)
            return false;
        if (Truth(text) is { } truth)
        {
            number = truth ? 1 : 0;
            return true;
        }
        var digits = text[..^1];
        switch (text[^1])
        {
            case (byte)'i':
                var isWhole = Utf8Parser.TryParse(digits, out long whole, out var read) && read == digits.Length && digits.Length > 0;
                number = whole;
                return isWhole;
            case (byte)'u':
                var isCount = Utf8Parser.TryParse(digits, out ulong count, out read) && read == digits.Length && digits.Length > 0;
                number = count;
                return isCount;
            default:
                return Utf8Parser.TryParse(text, out number, out read) && read == text.Length && double.IsFinite(number);
        }
    }

    static bool? Truth(ReadOnlySpan<byte> text) => true switch
    {
        _ when text.SequenceEqual("t"u8) || text.SequenceEqual("T"u8) || text.SequenceEqual("true"u8) || text.SequenceEqual("True"u8) || text.SequenceEqual("TRUE"u8) => true,
        _ when text.SequenceEqual("f"u8) || text.SequenceEqual("F"u8) || text.SequenceEqual("false"u8) || text.SequenceEqual("False"u8) || text.SequenceEqual("FALSE"u8) => false,
        _ => null,
    };
}
