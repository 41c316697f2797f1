using System.Globalization;
using System.Text.Json;

namespace Forewarn.Launcher.Commands;

/// <summary>A model, an incident or a part of one, as the API describes it; what is missing is shown as a dash.</summary>
readonly record struct ModelView(JsonElement Element)
{
    public string Version => Text("version") ?? "-";

    /// <summary>Whom it serves, as short as groups are told apart.</summary>
    public string Group => Text("group") switch
    {
        null => "-",
        "any" => "any",
        var hash => $"{hash[..Math.Min(8, hash.Length)]}, {Number("entities")} entities",
    };

    public ModelView? Comparison => Part("comparison");

    /// <summary>Its own and the champion's.</summary>
    public string Openings => Comparison is { } trial
        ? $"{trial.Number("challengerOpenings")} : {trial.Number("championOpenings")} in {trial.Number("ticks")} ticks"
        : "-";

    public ModelView? Part(string name) => Member(name) is { ValueKind: JsonValueKind.Object } part ? new ModelView(part) : null;

    public IReadOnlyList<ModelView> Items(string name) => Member(name) is { ValueKind: JsonValueKind.Array } items
        ? [.. items.EnumerateArray().Select(item => new ModelView(item))]
        : [];

    public string? Text(string name) => Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public string Number(string name, string format = "N0") => Member(name) is { ValueKind: JsonValueKind.Number } number
        ? number.GetDouble().ToString(format, CultureInfo.InvariantCulture)
        : "-";

    /// <summary>Unix milliseconds as UTC.</summary>
    public string Time(string name) => Member(name) is { ValueKind: JsonValueKind.Number } time
        ? DateTimeOffset.FromUnixTimeMilliseconds(time.GetInt64()).ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)
        : "-";

    public IEnumerable<ModelView> Members(string name) =>
        Member(name) is { ValueKind: JsonValueKind.Array } members ? members.EnumerateArray().Select(member => new ModelView(member)) : [];

    public IReadOnlyList<string> Texts(string name) => Member(name) is { ValueKind: JsonValueKind.Array } items
        ? [.. items.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    /// <summary>Names and texts of an object.</summary>
    public IEnumerable<(string Name, string Value)> Pairs(string name) =>
        Member(name) is { ValueKind: JsonValueKind.Object } pairs ? pairs.EnumerateObject().Select(pair => (pair.Name, pair.Value.ToString())) : [];

    public bool Flag(string name) => Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>0 when it is missing.</summary>
    public long Whole(string name) => Member(name) is { ValueKind: JsonValueKind.Number } number ? (long)number.GetDouble() : 0;

    JsonElement? Member(string name) => Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out var member) ? member : null;
}
