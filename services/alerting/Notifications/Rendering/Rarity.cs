using System.Globalization;

namespace Forewarn.Alerting.Notifications;

/// <summary>How rarely something normal looks like this, in words.</summary>
static class Rarity
{
    const double Rarest = 1e9;

    /// <summary><c>1 in 4,000</c> where that was counted; <c>rarer than anything seen here, about 1 in 2,500,000</c> where it was extrapolated.</summary>
    /// <param name="p">Probability on a normal tick; null = not measured.</param>
    /// <param name="extrapolated">It lies beyond what was observed.</param>
    /// <returns>Null when there is nothing rare to tell.</returns>
    public static string? Of(double? p, bool extrapolated)
    {
        if (p is not (> 0 and < 0.5) and not 0)
            return null;
        var odds = OneIn(p.Value);
        return extrapolated ? $"rarer than anything seen here, {(p.Value * Rarest < 1 ? "" : "about ")}{odds}" : odds;
    }

    static string OneIn(double p)
    {
        if (p * Rarest < 1)
            return "less than 1 in a billion";
        var oneIn = 1 / p;
        var magnitude = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(oneIn)) - 1));
        return string.Create(CultureInfo.InvariantCulture, $"1 in {Math.Round(oneIn / magnitude) * magnitude:#,0}");
    }
}
