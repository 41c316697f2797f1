using System.Text;

namespace Forewarn.Ingestion;

/// <summary>Reads what names a series in an exposition: <c>name{key="value",other="a \"b\" \\ \n"}</c>.</summary>
static class ExpositionLabels
{
    /// <summary>Labels in their order, the name as <see cref="PromNames.Name"/> among them; null when they are not in order.</summary>
    public static List<KeyValuePair<string, string>>? Read(ReadOnlySpan<byte> series)
    {
        var brace = series.IndexOf((byte)'{');
        var name = (brace < 0 ? series : series[..brace]).TrimEnd(" \t"u8);
        var labels = new List<KeyValuePair<string, string>> { new(PromNames.Name, Encoding.UTF8.GetString(name)) };
        if (brace < 0)
            return labels;
        for (var rest = series[(brace + 1)..].TrimStart(" \t"u8); rest.Length > 0;)
        {
            if (rest[0] == '}')
                return rest.Length == 1 ? labels : null;
            if (!Label(ref rest, out var label))
                return null;
            labels.Add(label);
            rest = rest.TrimStart(" \t"u8);
            if (rest.IsEmpty || rest[0] is not ((byte)',' or (byte)'}'))
                return null;
            // A comma may stand behind the last.
            if (rest[0] == ',')
                rest = rest[1..].TrimStart(" \t"u8);
        }
        return null;
    }

    static bool Label(ref ReadOnlySpan<byte> rest, out KeyValuePair<string, string> label)
    {
        label = default;
        var equals = rest.IndexOf((byte)'=');
        if (equals <= 0)
            return false;
        var key = rest[..equals].Trim(" \t"u8);
        rest = rest[(equals + 1)..].TrimStart(" \t"u8);
        if (key.IsEmpty || rest.IsEmpty || rest[0] != '"')
            return false;
        var end = 1;
        while (end < rest.Length && rest[end] != '"')
            end += rest[end] == '\\' ? 2 : 1;
        if (end >= rest.Length)
            return false;
        label = new(Encoding.UTF8.GetString(key), Unescaped(rest[1..end]));
        rest = rest[(end + 1)..];
        return true;
    }

    static string Unescaped(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            // A backslash before anything else stands for itself.
            if (text[i] != '\\' || i + 1 == text.Length || text[i + 1] is not ('n' or '"' or '\\'))
                plain.Append(text[i]);
            else
                plain.Append(text[++i] == 'n' ? '\n' : text[i]);
        }
        return plain.ToString();
    }
}
