using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Forewarn.Simulator;

/// <summary>A mapping of a scenario file: reads fields and collects what is wrong with them.</summary>
/// <param name="path">Where it is: empty, or <c>faults[2].</c></param>
sealed class ScenarioNode(YamlMappingNode node, string source, string path, List<string> mistakes)
{
    readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public string Text(string name, string fallback) => Scalar(name)?.Value is { Length: > 0 } text ? text : Missing(name, fallback, fallback.Length == 0);

    public int Integer(string name, int fallback, int least, int most) => Read(
        name, fallback, $"a whole number from {least} to {most}",
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null);

    public double Share(string name, double fallback) => Read(
        name, fallback, "a share from 0 to 0.5",
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 0.5 ? number : (double?)null);

    /// <param name="fallback">Null = it must be there.</param>
    public TimeSpan Duration(string name, TimeSpan? fallback, TimeSpan least)
    {
        if (fallback is null && Scalar(name) is null)
        {
            Mistake(name, "is missing");
            return least;
        }
        return Read(
            name, fallback ?? least, string.Create(CultureInfo.InvariantCulture, $"a duration from {least.TotalSeconds:0} s to a day, such as 45s, 15m or 2h"),
            text => DurationText.TryParse(text, out var duration) && duration >= least && duration <= TimeSpan.FromDays(1) ? duration : (TimeSpan?)null);
    }

    public ScenarioNode? Mapping(string name)
    {
        _read.Add(name);
        if (!node.Children.TryGetValue(name, out var child))
            return null;
        if (child is YamlMappingNode mapping)
            return new ScenarioNode(mapping, source, $"{path}{name}.", mistakes);
        Mistake(name, "must be a mapping of names to values");
        return null;
    }

    public IReadOnlyList<ScenarioNode> Mappings(string name)
    {
        _read.Add(name);
        if (!node.Children.TryGetValue(name, out var child))
            return [];
        if (child is YamlSequenceNode list && list.Children.All(item => item is YamlMappingNode))
            return [.. list.Children.Select((item, i) => new ScenarioNode((YamlMappingNode)item, source, string.Create(CultureInfo.InvariantCulture, $"{path}{name}[{i}]."), mistakes))];
        Mistake(name, "must be a list of mappings");
        return [];
    }

    /// <summary>All names and texts of a mapping whose fields are not known beforehand.</summary>
    public IEnumerable<(string Name, string? Text)> Entries => node.Children.Select(pair => ($"{pair.Key}", (pair.Value as YamlScalarNode)?.Value));

    /// <summary>Every field that nobody asked for is a mistake.</summary>
    public void RefuseOthers()
    {
        foreach (var key in node.Children.Keys.Where(key => !_read.Contains($"{key}")))
            mistakes.Add($"{source}, line {key.Start.Line}: {path}{key} is unknown. Known: {string.Join(", ", _read.Order(StringComparer.Ordinal))}");
    }

    public void Mistake(string name, string what)
    {
        var line = node.Children.TryGetValue(name, out var child) ? child.Start.Line : node.Start.Line;
        mistakes.Add($"{source}, line {line}: {path}{name} {what}");
    }

    T Read<T>(string name, T fallback, string expected, Func<string, T?> parse) where T : struct
    {
        if (Scalar(name) is not { } scalar)
            return fallback;
        if (parse(scalar.Value ?? "") is { } value)
            return value;
        Mistake(name, $"must be {expected}, not '{scalar.Value}'");
        return fallback;
    }

    YamlScalarNode? Scalar(string name)
    {
        _read.Add(name);
        if (!node.Children.TryGetValue(name, out var child))
            return null;
        if (child is YamlScalarNode scalar)
            return scalar;
        Mistake(name, "must be a single value");
        return null;
    }

    string Missing(string name, string fallback, bool required)
    {
        if (required)
            Mistake(name, "is missing");
        return fallback;
    }
}
