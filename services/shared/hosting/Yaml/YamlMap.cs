using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Forewarn.Hosting;

/// <summary>
/// A mapping of a file that people write: reads the fields it is asked for and collects what is wrong with them. It never throws for
/// what is in the file, so that one reading finds all mistakes.
/// </summary>
public sealed class YamlMap
{
    /// <summary>Deeper than any file that is meant; the library reads recursively and would end the process.</summary>
    const int MostDepth = 32;

    readonly YamlMappingNode _node;
    readonly string _path;
    readonly YamlMistakes _mistakes;
    readonly HashSet<string> _read = new(StringComparer.Ordinal);

    YamlMap(YamlMappingNode node, string path, YamlMistakes mistakes)
    {
        _node = node;
        _path = path;
        _mistakes = mistakes;
    }

    /// <summary>Where it begins, from 1.</summary>
    public long Line => _node.Start.Line;

    /// <summary>The mapping that a text consists of; null, with a mistake, when it is none.</summary>
    /// <param name="expected">What should be there: <c>a mapping with 'receivers' and 'routes'</c>.</param>
    public static YamlMap? Load(string yaml, YamlMistakes mistakes, string expected)
    {
        try
        {
            if (TooDeep(yaml) is { } line)
            {
                mistakes.Add(line, $"is nested more than {MostDepth} levels deep; {expected} is expected");
                return null;
            }
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
                return new YamlMap(root, "", mistakes);
            mistakes.Add(1, $"{expected} is expected");
        }
        catch (YamlException invalid)
        {
            mistakes.Add(invalid.Start.Line, invalid.InnerException?.Message ?? invalid.Message);
        }
        return null;
    }

    public bool Has(string name) => _node.Children.ContainsKey(name);

    public bool IsEmptyList(string name) => _node.Children.TryGetValue(name, out var child) && child is YamlSequenceNode { Children.Count: 0 };

    /// <summary>Null when it is not there.</summary>
    public string? Text(string name) => Scalar(name)?.Value is { Length: > 0 } text ? text : null;

    /// <summary>Empty, with a mistake, when it is not there.</summary>
    public string Required(string name)
    {
        if (Text(name) is { } text)
            return text;
        // What is there and no text has been told of already.
        if (!_node.Children.TryGetValue(name, out var child) || child is YamlScalarNode)
            Mistake(name, "is missing");
        return "";
    }

    /// <summary>Null when it is not there or, with a mistake, when it cannot be taken.</summary>
    /// <param name="expected"><c>a whole number from 1 to 9</c>.</param>
    /// <param name="parse">Null for what cannot be taken.</param>
    public T? Value<T>(string name, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (Text(name) is not { } text)
            return null;
        var value = parse(text);
        if (value is null)
            Mistake(name, $"must be {expected}, not '{text}'");
        return value;
    }

    public bool Flag(string name) => Value<bool>(name, "true or false", text => bool.TryParse(text, out var flag) ? flag : null) ?? false;

    /// <summary>A number above 0.</summary>
    public double? Positive(string name, double most) => Value<double>(
        name, string.Create(CultureInfo.InvariantCulture, $"a number above 0 and at most {most:0.##}"),
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number : null);

    public TimeSpan? Duration(string name, TimeSpan least, TimeSpan most) => Value<TimeSpan>(
        name, $"a duration from {DurationText.Format(least)} to {DurationText.Format(most)}, such as 45s, 15m, 2h or 1d",
        text => DurationText.Parse(text) is { } duration && duration >= least && duration <= most ? duration : null);

    public YamlMap? Map(string name)
    {
        if (Child(name) is not { } child)
            return null;
        if (child is YamlMappingNode mapping)
            return new YamlMap(mapping, $"{_path}{name}.", _mistakes);
        Mistake(name, "must be a mapping of names to values");
        return null;
    }

    /// <param name="atLeast">What there must be, with an example; null = it may be absent or empty.</param>
    public IReadOnlyList<YamlMap> Maps(string name, string? atLeast = null)
    {
        if (Child(name) is not ({ } child and not YamlSequenceNode { Children.Count: 0 }))
        {
            if (atLeast is not null)
                Mistake(name, $"must have {atLeast}");
            return [];
        }
        if (child is YamlSequenceNode list && list.Children.All(item => item is YamlMappingNode))
            return [.. list.Children.Select((item, i) => new YamlMap((YamlMappingNode)item, $"{Item(name, i)}.", _mistakes))];
        Mistake(name, "must be a list of mappings");
        return [];
    }

    /// <summary>A list of texts; a single one may stand for itself.</summary>
    public IReadOnlyList<YamlText> Texts(string name)
    {
        switch (Child(name))
        {
            case null:
                return [];
            case YamlScalarNode { Value: { Length: > 0 } text } one:
                return [new YamlText(text, one.Start.Line, $"{_path}{name}")];
            case YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode { Value.Length: > 0 }):
                return [.. list.Children.Select((item, i) => new YamlText(((YamlScalarNode)item).Value!, item.Start.Line, Item(name, i)))];
            default:
                Mistake(name, "must be a text or a list of texts");
                return [];
        }
    }

    /// <summary>A mapping of texts to texts.</summary>
    public IReadOnlyDictionary<string, string> Pairs(string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        switch (Child(name))
        {
            case null:
                break;
            case YamlMappingNode mapping when mapping.Children.All(pair => pair is { Key: YamlScalarNode, Value: YamlScalarNode }):
                foreach (var (key, value) in mapping.Children)
                    pairs[((YamlScalarNode)key).Value ?? ""] = ((YamlScalarNode)value).Value ?? "";
                break;
            default:
                Mistake(name, "must be a mapping of texts to texts");
                break;
        }
        return pairs;
    }

    /// <summary>Every field that nobody asked for is a mistake.</summary>
    public void RefuseOthers()
    {
        foreach (var key in _node.Children.Keys.Where(key => key is not YamlScalarNode { Value: { } name } || !_read.Contains(name)))
            _mistakes.Add(key.Start.Line, $"{_path}{key} is unknown. Known: {string.Join(", ", _read.Order(StringComparer.Ordinal))}");
    }

    public void Mistake(string name, string what) =>
        _mistakes.Add(_node.Children.TryGetValue(name, out var child) ? child.Start.Line : _node.Start.Line, $"{_path}{name} {what}");

    public void Mistake(YamlText text, string what) => _mistakes.Add(text.Line, $"{text.Path} {what}");

    string Item(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{_path}{name}[{index}]");

    YamlNode? Child(string name)
    {
        _read.Add(name);
        return _node.Children.TryGetValue(name, out var child) ? child : null;
    }

    YamlScalarNode? Scalar(string name)
    {
        if (Child(name) is not { } child)
            return null;
        if (child is YamlScalarNode scalar)
            return scalar;
        Mistake(name, "must be a single value");
        return null;
    }

    /// <summary>The line at which it is; null when it is not.</summary>
    static long? TooDeep(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current is MappingStart or SequenceStart ? 1 : parser.Current is MappingEnd or SequenceEnd ? -1 : 0;
            if (depth > MostDepth)
                return parser.Current!.Start.Line;
        }
        return null;
    }
}
