using System.Buffers;
using System.Globalization;

namespace Forewarn.Ingestion;

/// <summary>What entities, series, labels and units may be called. Each test returns the reason why not, or null.</summary>
static class Names
{
    public const int MaxEntity = 255;
    public const int MaxName = 255;
    public const int MaxLabelKey = 128;
    public const int MaxLabelValue = 255;
    public const int MaxUnit = 63;
    public const int MaxLabels = 16;

    const string LettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static readonly SearchValues<char> _entity = SearchValues.Create(LettersAndDigits + "._-/:@");
    static readonly SearchValues<char> _name = SearchValues.Create(LettersAndDigits + "._-/");

    public static string? WhyNotEntity(string text) =>
        Length(text, MaxEntity) ?? (text.AsSpan().ContainsAnyExcept(_entity)
            ? "may hold only the letters a-z and A-Z, digits and . _ - / : @"
            : null);

    /// <summary>The instrument name syntax of OpenTelemetry.</summary>
    public static string? WhyNotSeries(string text) => Identifier(text, MaxName);

    public static string? WhyNotLabelKey(string text) => Identifier(text, MaxLabelKey);

    public static string? WhyNotLabelValue(string text)
    {
        if (Length(text, MaxLabelValue) is { } reason)
            return reason;
        foreach (var rune in text.EnumerateRunes())
        {
            // Format characters reorder or hide text where it is shown to people.
            if (System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned)
                return "may not hold control or format characters";
        }
        return null;
    }

    /// <summary>UCUM units are printable ASCII without spaces.</summary>
    public static string? WhyNotUnit(string text) =>
        Length(text, MaxUnit) ?? (text.AsSpan().ContainsAnyExceptInRange('!', '~') ? "must be a UCUM unit: printable ASCII without spaces" : null);

    static string? Identifier(string text, int max) =>
        Length(text, max)
        ?? (!char.IsAsciiLetter(text[0]) && text[0] != '_' ? "must begin with a letter or _" : null)
        ?? (text.AsSpan().ContainsAnyExcept(_name) ? "may hold only the letters a-z and A-Z, digits and . _ - /" : null);

    static string? Length(string text, int max) =>
        text.Length == 0 ? "may not be empty" : text.Length > max ? $"may be at most {max} characters long, not {text.Length}" : null;
}
