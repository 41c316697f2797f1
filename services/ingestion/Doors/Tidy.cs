using System.Text;

namespace Forewarn.Ingestion;

/// <summary>Names of other systems as <see cref="Names"/> allows them: what is not allowed becomes <c>_</c>, what is too long is cut.</summary>
static class Tidy
{
    public static string Entity(string text) => Replaced(text, Names.MaxEntity, Names.WhyNotEntity);

    /// <summary>Of a series or the key of a label.</summary>
    public static string Name(string text, int max = Names.MaxName)
    {
        if (text.Length > 0 && text.Length <= max && Names.WhyNotSeries(text) is null)
            return text;
        var begins = text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_');
        return Replaced(begins ? text : "_" + text, max, Names.WhyNotSeries);
    }

    public static string LabelValue(string text) => Replaced(text, Names.MaxLabelValue, Names.WhyNotLabelValue);

    /// <summary>Of what is not said it is 1; a rate's unit is two characters longer.</summary>
    public static string Unit(string text) => text.Length == 0 ? "1" : Replaced(text, Names.MaxUnit - 2, Names.WhyNotUnit);

    static string Replaced(string text, int max, Func<string, string?> whyNot)
    {
        if (text.Length == 0 || (text.Length <= max && whyNot(text) is null))
            return text;
        var tidy = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var one = rune.ToString();
            if (tidy.Length + one.Length > max)
                break;
            // A letter before it, since some names may not begin with what they may hold.
            tidy.Append(whyNot("a" + one) is null ? one : "_");
        }
        return tidy.ToString();
    }
}
