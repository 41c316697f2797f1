using System.Buffers;
using System.Text;

namespace Forewarn.Gateway.Exposition;

/// <summary>Labels as the text format wants them.</summary>
static class LabelText
{
    const string OwnPrefix = "label_";

    static readonly SearchValues<char> _special = SearchValues.Create("\\\"\n");

    /// <summary>Writes <c>name="value"</c>.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        output.Write(name);
        output.Write("=\""u8);
        while (value.IndexOfAny(_special) is var at and >= 0)
        {
            Encoding.UTF8.GetBytes(value[..at], output);
            output.Write(value[at] switch
            {
                '\\' => "\\\\"u8,
                '"' => "\\\""u8,
                _ => "\\n"u8,
            });
            value = value[(at + 1)..];
        }
        Encoding.UTF8.GetBytes(value, output);
        output.Write("\""u8);
    }

    /// <summary>
    /// Legal names for a series' own labels, in the order of <paramref name="keys"/>: with a prefix, so that none is taken for one of ours or of the
    /// scraper, <c>_</c> for what may not stand in a name, and a number where two would be called the same.
    /// </summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> keys)
    {
        var names = new string[keys.Count];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        // The order of the keys, not that in which they came, says who keeps the plain name.
        foreach (var i in Enumerable.Range(0, keys.Count).OrderBy(i => keys[i], StringComparer.Ordinal))
        {
            var plain = OwnPrefix + string.Create(keys[i].Length, keys[i], (name, key) =>
            {
                for (var at = 0; at < key.Length; at++)
                    name[at] = char.IsAsciiLetterOrDigit(key[at]) ? key[at] : '_';
            });
            names[i] = plain;
            for (var number = 2; !taken.Add(names[i]); number++)
                names[i] = $"{plain}_{number}";
        }
        return names;
    }
}
