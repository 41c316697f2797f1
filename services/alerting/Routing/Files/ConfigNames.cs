using Forewarn.Hosting;

namespace Forewarn.Alerting.Routing;

/// <summary>Names that a file gives, and where it speaks of them.</summary>
sealed class ConfigNames(IEnumerable<string> receivers)
{
    const int MostCharacters = 64;

    readonly List<string> _receivers = [.. receivers.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>The name of an entry; it also stands in addresses, so it is kept plain.</summary>
    public static string Own(YamlMap node)
    {
        var name = node.Required("name");
        if (name.Length > MostCharacters || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            node.Mistake("name", $"must be 1 to {MostCharacters} letters, digits, -, _ or ., not '{name}'");
        return name;
    }

    /// <summary>Receivers that must be there, each once.</summary>
    public IReadOnlyList<string> Receivers(YamlMap node)
    {
        var named = node.Texts("receivers");
        if (!node.Has("receivers"))
            node.Mistake("receivers", "is missing");
        else if (node.IsEmptyList("receivers"))
            node.Mistake("receivers", "must name at least one receiver");
        foreach (var unknown in named.Where(text => !_receivers.Contains(text.Value, StringComparer.Ordinal)))
            node.Mistake(unknown, $"'{unknown.Value}' is no receiver. There are: {(_receivers.Count == 0 ? "none" : string.Join(", ", _receivers))}");
        return [.. named.Select(text => text.Value).Distinct(StringComparer.Ordinal)];
    }
}
