using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Forewarn.StreamProcessor;

/// <summary>A mapping of a file of rules: reads fields and collects what is wrong with them, each with its line.</summary>
/// <param name="path">Where it is: empty, or <c>rules[2].</c></param>
sealed class RuleNode(YamlMappingNode node, string source, string path, List<string> mistakes)
{
    readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Null when it is absent, empty or no single value; the last two are mistakes.</summary>
    public string? Text(string name)
    {
        _read.Add(name);
        if (!node.Children.TryGetValue(name, out var child))
            return null;
        if (child is YamlScalarNode { Value.Length: > 0 } scalar)
            return scalar.Value;
        Mistake(name, "must be a single value that is not empty");
        return null;
    }

    public long Duration(string name, long fallback, long least, long most)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (Durations.TryParse(text, out var ms) && ms >= least && ms <= most)
            return ms;
        Mistake(name, $"must be a duration from {Durations.Say(least)} to {Durations.Say(most)}, such as 30s, 5m or 2h, not '{text}'");
        return fallback;
    }

    public IReadOnlyDictionary<string, Wildcard> Patterns(string name)
    {
        _read.Add(name);
        var patterns = new Dictionary<string, Wildcard>(StringComparer.Ordinal);
        if (!node.Children.TryGetValue(name, out var child))
            return patterns;
        if (child is not YamlMappingNode mapping)
        {
            Mistake(name, "must be a mapping of labels to values, in which * stands for any characters");
            return patterns;
        }
        foreach (var (key, value) in mapping.Children)
        {
            if (value is YamlScalarNode { Value: { } pattern })
                patterns[$"{key}"] = new Wildcard(pattern);
            else
                mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{source}, line {value.Start.Line}: {path}{name}.{key} must be a single value"));
        }
        return patterns;
    }

    public IReadOnlyList<RuleNode> Mappings(string name)
    {
        _read.Add(name);
        if (!node.Children.TryGetValue(name, out var child))
        {
            Mistake(name, "is missing; a file without rules says 'rules: []'");
            return [];
        }
        if (child is YamlSequenceNode list && list.Children.All(item => item is YamlMappingNode))
            return [.. list.Children.Select((item, i) => new RuleNode((YamlMappingNode)item, source, string.Create(CultureInfo.InvariantCulture, $"{path}{name}[{i}]."), mistakes))];
        Mistake(name, "must be a list of mappings");
        return [];
    }

    /// <summary>Every field that nobody asked for is a mistake.</summary>
    public void RefuseOthers()
    {
        foreach (var key in node.Children.Keys.Where(key => !_read.Contains($"{key}")))
            mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{source}, line {key.Start.Line}: {path}{key} is unknown; known: {string.Join(", ", _read.Order(StringComparer.Ordinal))}"));
    }

    public void Mistake(string name, string what)
    {
        var line = node.Children.TryGetValue(name, out var child) ? child.Start.Line : node.Start.Line;
        mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{source}, line {line}: {path}{name} {what}"));
    }
}
