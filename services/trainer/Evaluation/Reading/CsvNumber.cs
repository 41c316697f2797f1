using System.Globalization;

namespace Forewarn.Trainer;

/// <summary>Numbers of labelled data; an empty field is a missing value.</summary>
static class CsvNumber
{
    /// <exception cref="EvaluationException">The text is no number.</exception>
    public static double Parse(ReadOnlySpan<char> text, string path, int line)
    {
        text = text.Trim();
        if (text.IsEmpty)
            return double.NaN;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new EvaluationException($"{path}, line {line}: '{text}' is no number.");
    }
}
