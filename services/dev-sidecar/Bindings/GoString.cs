using System.Globalization;
using System.Text;

namespace DevSidecar.Bindings;

/// <summary>
/// Go's <c>strconv.Unquote</c>, which Dapr's smtp and localstorage bindings try on their data: text in double quotes, back
/// quotes or (one character) single quotes. Surrogate escapes are an error there, so JSON-quoted emoji stay quoted.
/// </summary>
static class GoString
{
    /// <summary>The unquoted text, or null where Go would refuse.</summary>
    public static string? Unquote(string text)
    {
        if (text.Length < 2 || text[0] != text[^1])
        {
            return null;
        }

        var inner = text[1..^1];
        return text[0] switch
        {
            '`' => inner.Contains('`', StringComparison.Ordinal) ? null : inner.Replace("\r", "", StringComparison.Ordinal),
            '"' => inner.Contains('\n', StringComparison.Ordinal) ? null : Unescape(inner, '"'),
            '\'' => Unescape(inner, '\'') is { Length: 1 } one ? one : null,
            _ => null,
        };
    }

    static string? Unescape(string text, char quote)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == quote)
            {
                return null;
            }

            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            if (++i == text.Length)
            {
                return null;
            }

            switch (text[i])
            {
                case 'a': result.Append('\a'); break;
                case 'b': result.Append('\b'); break;
                case 'f': result.Append('\f'); break;
                case 'n': result.Append('\n'); break;
                case 'r': result.Append('\r'); break;
                case 't': result.Append('\t'); break;
                case 'v': result.Append('\v'); break;
                case '\\': result.Append('\\'); break;
                case var c when c == quote: result.Append(quote); break;
                case 'x' when Code(text, i + 1, 2) is { } code: result.Append((char)code); i += 2; break;
                case 'u' when Code(text, i + 1, 4) is { } code and (< 0xD800 or > 0xDFFF): result.Append((char)code); i += 4; break;
                case 'U' when Code(text, i + 1, 8) is { } code and <= 0x10FFFF and (< 0xD800 or > 0xDFFF): result.Append(char.ConvertFromUtf32(code)); i += 8; break;
                default: return null;
            }
        }

        return result.ToString();
    }

    static int? Code(string text, int at, int length) =>
        at + length <= text.Length && int.TryParse(text.AsSpan(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? code : null;
}
