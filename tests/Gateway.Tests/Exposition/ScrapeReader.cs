using System.Globalization;
using System.Text;

namespace Forewarn.Gateway.Tests;

/// <param name="Labels">Unescaped.</param>
sealed record ScrapedSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string this[string label] => Labels[label];

    /// <summary>What tells it from all others.</summary>
    public string Identity => $"{Name}{{{string.Join(',', Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value.Length}:{label.Value}"))}}}";
}

/// <summary>
/// Reads both formats, strictly, from their specifications: every sample belongs to the family above it, no family comes twice, no series comes
/// twice, names are legal, no line is anything else, and OpenMetrics ends as it must.
/// </summary>
sealed class ScrapeReader
{
    readonly string _text;
    readonly bool _isOpenMetrics;
    int _at;

    ScrapeReader(string text, bool isOpenMetrics) => (_text, _isOpenMetrics) = (text, isOpenMetrics);

    /// <summary>Family → type.</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public List<ScrapedSample> Samples { get; } = [];

    public static ScrapeReader Read(string text, bool isOpenMetrics = false)
    {
        var reader = new ScrapeReader(text, isOpenMetrics);
        reader.Read();
        return reader;
    }

    public IEnumerable<ScrapedSample> Of(string name) => Samples.Where(sample => sample.Name == name);

    public ScrapedSample One(string name) => Of(name).ShouldHaveSingleItem();

    void Read()
    {
        _text.ShouldEndWith("\n");
        var (family, ended) = ("", false);
        while (_at < _text.Length)
        {
            ended.ShouldBeFalse("nothing may follow # EOF");
            if (_text[_at] != '#')
            {
                Sample(family);
                continue;
            }
            var line = Line();
            if (_isOpenMetrics && line == "# EOF")
            {
                ended = true;
                continue;
            }
            var words = line.Split(' ', 4);
            words[0].ShouldBe("#");
            words.Length.ShouldBe(4, line);
            if (words[1] == "HELP")
            {
                words[3].ShouldNotContain("\\");
                words[3].ShouldNotContain("\"");
                family = words[2];
                Types.ShouldNotContainKey(family);
                continue;
            }
            words[1].ShouldBe("TYPE");
            words[2].ShouldBe(family, "help and type belong together");
            Types.Add(family, words[3]);
        }
        ended.ShouldBe(_isOpenMetrics);
        Samples.Select(sample => sample.Identity).ShouldBeUnique();
    }

    void Sample(string family)
    {
        var name = Name(colon: true);
        name.ShouldBe(Types[family] == "info" ? $"{family}_info" : family);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (_text[_at] == '{')
        {
            do
            {
                _at++;
                var label = Name(colon: false);
                Expect('=');
                labels.Add(label, Value());
            }
            while (_text[_at] == ',');
            Expect('}');
        }
        Expect(' ');
        var number = Line();
        Samples.Add(new ScrapedSample(name, labels, double.Parse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture)));
    }

    string Name(bool colon)
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_' || (colon && _text[_at] == ':'))
            _at++;
        var name = _text[start.._at];
        name.ShouldNotBeEmpty(_text[start..Math.Min(_text.Length, start + 80)]);
        char.IsAsciiDigit(name[0]).ShouldBeFalse(name);
        return name;
    }

    string Value()
    {
        var value = new StringBuilder();
        Expect('"');
        while (_text[_at] != '"')
        {
            _text[_at].ShouldNotBe('\n');
            if (_text[_at] == '\\')
            {
                _at++;
                value.Append(_text[_at] switch { '\\' => '\\', '"' => '"', 'n' => '\n', var other => throw new FormatException($"\\{other} is no escape") });
            }
            else
            {
                value.Append(_text[_at]);
            }
            _at++;
        }
        Expect('"');
        return value.ToString();
    }

    void Expect(char expected)
    {
        _text[_at].ShouldBe(expected, _text[Math.Max(0, _at - 40)..Math.Min(_text.Length, _at + 40)]);
        _at++;
    }

    string Line()
    {
        var end = _text.IndexOf('\n', _at);
        var line = _text[_at..end];
        _at = end + 1;
        return line;
    }
}
