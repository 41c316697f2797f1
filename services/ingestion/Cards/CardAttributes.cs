using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>What attributes of a card may be called and hold. The JSON door refuses what may not be; of other protocols it is left out or made to fit.</summary>
static class CardAttributes
{
    /// <summary>Nothing is said.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Why an attribute may not be called so; null when it may.</summary>
    public static string? WhyNotName(string name) => Names.WhyNotLabelKey(name);

    /// <summary>Why an attribute may not hold this; null when it may.</summary>
    public static string? WhyNotValue(string value) =>
        value.Length > EntityCard.MaxText ? $"may be at most {EntityCard.MaxText} characters long, not {value.Length}" : Names.WhyNotLabelValue(value);

    /// <summary>Attributes as others call them: empty and long ones are left out, names made to fit; the first by name where they are too many.</summary>
    public static IReadOnlyDictionary<string, string> Fitting(IEnumerable<KeyValuePair<string, string>> attributes)
    {
        var fitting = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            if (name.Length is 0 or > EntityCard.MaxText || value.Length is 0 or > EntityCard.MaxText)
                continue;
            if (fitting.Count == EntityCard.MostAttributes)
                break;
            fitting.TryAdd(Tidy.Name(name, EntityCard.MaxText), Tidy.LabelValue(value));
        }
        return fitting;
    }
}
