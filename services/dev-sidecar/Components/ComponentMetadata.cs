using System.Globalization;

namespace DevSidecar.Components;

/// <summary>The metadata of a component with secrets, environment and templates filled in. Names are case-insensitive.</summary>
sealed class ComponentMetadata(ComponentDefinition definition, IReadOnlyDictionary<string, string> values)
{
    public ComponentDefinition Definition => definition;

    public string? this[string name] => values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Two replicas whose filled-in metadata are equal share one instance of the component.</summary>
    public string Fingerprint => definition.Name + "\n" + string.Join('\n', values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Key + "=" + v.Value));

    public string Required(string name) => this[name] ?? throw Error(name, "is required but missing or empty");

    public bool Flag(string name, bool fallback = false) => this[name]?.ToUpperInvariant() switch
    {
        null => fallback,
        "TRUE" or "1" or "Y" or "YES" or "ON" or "T" => true,
        "FALSE" or "0" or "N" or "NO" or "OFF" or "F" => false,
        var other => throw Error(name, $"must be true or false, not '{other}'"),
    };

    public int Number(string name, int fallback) => this[name] is not { } text
        ? fallback
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Error(name, $"must be a whole number, not '{text}'");

    public TimeSpan Duration(string name, TimeSpan fallback)
    {
        if (this[name] is not { } text)
        {
            return fallback;
        }

        if (GoDuration.TryParse(text, out var value))
        {
            return value;
        }

        // Dapr reads a bare number as seconds where older components documented it so.
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw Error(name, $"must be a duration like 5s or 200ms, not '{text}'");
    }

    public SidecarConfigurationException Error(string name, string problem) =>
        new($"component '{definition.Name}' in {definition.File}: metadata key '{name}' {problem}.");
}
