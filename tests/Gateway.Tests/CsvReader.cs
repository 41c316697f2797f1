using System.Text;

namespace Forewarn.Gateway.Tests;

/// <summary>Reads CSV as RFC 4180 defines it, and nothing else.</summary>
static class CsvReader
{
    public static List<string[]> Read(string text)
    {
        var records = new List<string[]>();
        var fields = new List<string>();
        var field = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var quoted = text[i] == '"';
            if (quoted)
                i = ReadQuoted(text, i + 1, field);
            else
                for (; i < text.Length && text[i] is not (',' or '\r'); i++)
                    field.Append(text[i] is '"' or '\n' ? throw new FormatException($"A bare {(int)text[i]} at {i}") : text[i]);
            fields.Add(field.ToString());
            field.Clear();
            if (text[i] == ',')
            {
                i++;
                continue;
            }
            text.AsSpan(i, 2).ToString().ShouldBe("\r\n");
            i += 2;
            records.Add([.. fields]);
            fields.Clear();
        }
        fields.ShouldBeEmpty("the last record is ended");
        return records;
    }

    static int ReadQuoted(string text, int i, StringBuilder field)
    {
        for (; ; i++)
        {
            if (text[i] != '"')
                field.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[i++]);
            else
                return i + 1;
        }
    }
}
