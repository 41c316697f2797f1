using Microsoft.Net.Http.Headers;

namespace Forewarn.Gateway.Exposition;

/// <summary>The two forms of the text, as a scraper's Accept chooses. Names and values are the same in both.</summary>
sealed record ExpositionFormat(string ContentType, bool IsOpenMetrics)
{
    public static readonly ExpositionFormat Text = new("text/plain; version=0.0.4; charset=utf-8", IsOpenMetrics: false);
    public static readonly ExpositionFormat OpenMetrics = new("application/openmetrics-text; version=1.0.0; charset=utf-8", IsOpenMetrics: true);

    /// <summary>OpenMetrics for those who would rather have it; the text, which every scraper reads, for all others, those too that can read neither.</summary>
    public static ExpositionFormat Choose(IEnumerable<MediaTypeHeaderValue> accepted)
    {
        double open = 0, text = 0;
        foreach (var one in accepted)
        {
            var quality = one.Quality ?? 1;
            if (one.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) && Version(one) is "" or "1.0.0")
                open = Math.Max(open, quality);
            else if (one.MatchesAllTypes || one.Type.Equals("text", StringComparison.OrdinalIgnoreCase))
                text = Math.Max(text, quality);
        }
        return open > 0 && open >= text ? OpenMetrics : Text;
    }

    static string Version(MediaTypeHeaderValue value) =>
        value.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.Value.ToString() ?? "";
}
