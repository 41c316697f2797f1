using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Reads <see cref="ExternalBatch.Attributes"/>, as strictly as the rest.</summary>
static class AttributesReader
{
    /// <param name="json">Stands before the value.</param>
    /// <param name="at">Path of the field, for refusals.</param>
    /// <param name="attributes">What it holds; nothing for <c>null</c>.</param>
    /// <returns>False when it is refused.</returns>
    public static bool Read(ref JsonCursor json, string at, out IReadOnlyDictionary<string, string>? attributes)
    {
        attributes = CardAttributes.None;
        json.Read();
        if (json.Token == JsonTokenType.Null)
            return true;
        if (json.Token != JsonTokenType.StartObject)
            return json.Refuse("type", at, "must be an object of strings");
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        while (json.Read() && json.Token == JsonTokenType.PropertyName)
        {
            if (found.Count == EntityCard.MostAttributes)
                return json.Refuse("count", at, $"may hold at most {EntityCard.MostAttributes} attributes");
            if (!json.CurrentText(at, out var name) || !Allowed(ref json, $"{at}.{JsonCursor.Quote(name)}", CardAttributes.WhyNotName(name)))
                return false;
            var path = $"{at}.{name}";
            if (!json.Text(path, out var value) || !Allowed(ref json, path, CardAttributes.WhyNotValue(value)))
                return false;
            if (!found.TryAdd(name, value))
                return json.Refuse("duplicate", path, "occurs twice");
        }
        attributes = found;
        return true;
    }

    static bool Allowed(ref JsonCursor json, string path, string? reason) => reason is null || json.Refuse("name", path, reason);
}
