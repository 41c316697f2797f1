using System.Globalization;

namespace Forewarn.Trainer;

/// <summary>Figures as people read them.</summary>
static class FigureText
{
    /// <summary>The figure with its interval; a dash for one that does not exist.</summary>
    public static string Of(Figure figure, string format = "0.000")
    {
        if (figure.Value is null)
            return "-";
        return figure is { Low: null } or { High: null } ? Of(figure.Value, format) : $"{Of(figure.Value, format)} [{Of(figure.Low, format)} {Of(figure.High, format)}]";
    }

    public static string Of(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
