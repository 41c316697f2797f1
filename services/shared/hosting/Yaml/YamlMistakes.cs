using System.Globalization;

namespace Forewarn.Hosting;

/// <summary>What is wrong with a file that people write, all of it at once and each with its line.</summary>
/// <param name="source">Name of the file, for people.</param>
public sealed class YamlMistakes(string source)
{
    readonly List<(long Line, string Text)> _found = [];

    public bool Any => _found.Count > 0;

    /// <summary><c>alerting.yaml, line 4: routes[0].limit must be ...</c>, by line.</summary>
    public IReadOnlyList<string> Messages =>
        [.. _found.OrderBy(mistake => mistake.Line).Select(mistake => string.Create(CultureInfo.InvariantCulture, $"{source}, line {mistake.Line}: {mistake.Text}"))];

    /// <param name="line">From 1.</param>
    /// <param name="text">What is wrong and what is allowed.</param>
    public void Add(long line, string text) => _found.Add((line, text));
}
