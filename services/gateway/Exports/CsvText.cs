using System.Buffers;
using System.Text;

namespace Forewarn.Gateway.Exports;

/// <summary>Fields as RFC 4180 wants them, and so that a spreadsheet takes no text from outside for a formula.</summary>
static class CsvText
{
    static readonly SearchValues<char> _special = SearchValues.Create("\",\r\n");

    public static void Append(StringBuilder line, string text)
    {
        // Spreadsheets run what begins like this; after a ' they take it for text. A ' of its own is doubled, so that the first one can always be taken away.
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\'')
            text = "'" + text;
        if (text.AsSpan().ContainsAny(_special))
            line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        else
            line.Append(text);
    }
}
