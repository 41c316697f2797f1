using System.Globalization;

namespace Forewarn.StreamProcessor;

static class SilenceSentence
{
    /// <summary><c>web-7 has sent nothing for 12 s; it usually reports every second</c></summary>
    public static string Of(string entity, long silentMs, double intervalMs) =>
        $"{entity} has sent nothing for {Duration(silentMs)}; it usually reports {Rhythm(intervalMs)}";

    static string Rhythm(double intervalMs) => intervalMs <= 1500 ? "every second" : $"every {Duration((long)intervalMs)}";

    static string Duration(long ms) => ms switch
    {
        < 120_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(ms / 1000.0):0} s"),
        < 7_200_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(ms / 60_000.0):0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(ms / 3_600_000.0):0} h"),
    };
}
