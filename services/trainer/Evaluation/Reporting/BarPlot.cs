using System.Globalization;
using System.Net;
using System.Text;

namespace Forewarn.Trainer;

/// <summary>A bar of a plot, with its interval where there is one.</summary>
/// <param name="Label">To its left.</param>
/// <param name="Figure">Its length.</param>
/// <param name="IsOurs">Drawn so that it stands out.</param>
sealed record Bar(string Label, Figure Figure, bool IsOurs);

/// <summary>Bars that share a scale.</summary>
sealed record BarPanel(string Title, string Format, IReadOnlyList<Bar> Bars);

/// <summary>Horizontal bars with whiskers, as a small SVG of its own; the same figures give the same bytes.</summary>
static class BarPlot
{
    const int Width = 720;
    const int LabelWidth = 150;
    const int ValueWidth = 130;
    const int RowHeight = 20;
    const int TitleHeight = 30;
    const int Margin = 12;

    public static string Svg(string title, IReadOnlyList<BarPanel> panels)
    {
        var height = (2 * Margin) + panels.Sum(panel => TitleHeight + (panel.Bars.Count * RowHeight));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" role="img" font-family="sans-serif" font-size="12">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <rect width="100%" height="100%" rx="6" fill="#ffffff"/>

            """);
        var top = Margin;
        foreach (var panel in panels)
        {
            Draw(svg, panel, top);
            top += TitleHeight + (panel.Bars.Count * RowHeight);
        }
        return svg.Append("</svg>\n").ToString();
    }

    static void Draw(StringBuilder svg, BarPanel panel, int top)
    {
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Margin}" y="{top + 18}" font-weight="bold" fill="#1f2937">{WebUtility.HtmlEncode(panel.Title)}</text>""").Append('\n');
        var most = Math.Max(1e-9, panel.Bars.Max(bar => Math.Max(bar.Figure.Value ?? 0, bar.Figure.High ?? 0)));
        const int room = Width - LabelWidth - ValueWidth - (2 * Margin);
        for (var i = 0; i < panel.Bars.Count; i++)
        {
            var (label, figure, isOurs) = panel.Bars[i];
            var (left, y) = (Margin + LabelWidth, top + TitleHeight + (i * RowHeight));
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{left - 8}" y="{y + 13}" text-anchor="end" fill="#1f2937">{WebUtility.HtmlEncode(label)}</text>""").Append('\n');
            if (figure.Value is not { } value)
            {
                svg.Append(CultureInfo.InvariantCulture, $"""<text x="{left}" y="{y + 13}" fill="#6b7280">none</text>""").Append('\n');
                continue;
            }
            svg.Append(CultureInfo.InvariantCulture, $"""<rect x="{left}" y="{y + 2}" width="{At(value):0.#}" height="{RowHeight - 6}" fill="{(isOurs ? "#0072b2" : "#9ca3af")}"/>""").Append('\n');
            if (figure is { Low: { } low, High: { } high })
                svg.Append(CultureInfo.InvariantCulture, $"""<path d="M{left + At(low):0.#} {y + 9}H{left + At(high):0.#}" stroke="#111827" stroke-width="1.5"/>""").Append('\n');
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Width - Margin}" y="{y + 13}" text-anchor="end" fill="#1f2937">{FigureText.Of(figure, panel.Format)}</text>""").Append('\n');
        }

        // A score below nothing has no bar.
        double At(double value) => Math.Clamp(value / most, 0, 1) * room;
    }
}
