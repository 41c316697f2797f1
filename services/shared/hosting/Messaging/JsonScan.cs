using System.Buffers;

namespace Forewarn.Hosting;

/// <summary>
/// Finds where JSON values end by their quotes and brackets alone, which takes a fraction of the time of reading them.
/// In valid JSON that is the end; of anything else, whoever reads what was cut out must find the fault.
/// </summary>
static class JsonScan
{
    static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    /// <summary>How many bytes of white space stand at the beginning.</summary>
    public static int WhitespaceAt(ReadOnlySpan<byte> json)
    {
        var length = json.IndexOfAnyExcept(" \t\r\n"u8);
        return length < 0 ? json.Length : length;
    }

    /// <summary>Bytes of the object, array or string at the beginning; -1 when it does not end.</summary>
    public static int LengthOf(ReadOnlySpan<byte> json)
    {
        var (at, depth) = (0, 0);
        do
        {
            var next = json[at..].IndexOfAny(Structure);
            if (next < 0)
                return -1;
            at += next;
            switch (json[at++])
            {
                case (byte)'"':
                    var rest = RestOfString(json[at..]);
                    if (rest < 0)
                        return -1;
                    at += rest;
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }
        }
        while (depth > 0);
        return at;
    }

    /// <summary>Bytes behind an opening quote up to and with the closing one; -1 when there is none.</summary>
    static int RestOfString(ReadOnlySpan<byte> json)
    {
        for (var at = 0; ;)
        {
            var next = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
                return -1;
            at += next;
            if (json[at] == (byte)'"')
                return at + 1;
            at += 2; // The backslash and what it escapes: of \u0022 no more than the u, the digits end nothing.
            if (at > json.Length)
                return -1;
        }
    }
}
