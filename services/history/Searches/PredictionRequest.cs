using System.Globalization;
using Forewarn.History.Ranges;

namespace Forewarn.History.Searches;

/// <summary>A checked question for verdicts.</summary>
/// <param name="From">Unix milliseconds, inclusive.</param>
/// <param name="To">Unix milliseconds, exclusive.</param>
sealed record PredictionRequest(string? Entity, long From, long To, int? CadenceMs, bool AnomalousOnly, bool OldestFirst)
{
    /// <exception cref="BadRequestException">A parameter is out of range.</exception>
    public static PredictionRequest Parse(string? entity, long? from, long? to, long? cadence, bool anomalous, string? order)
    {
        var (start, end) = RangeRequest.ParseSpan(from, to);
        if (cadence is < 1 or > int.MaxValue)
            throw new BadRequestException("cadence", "cadence is milliseconds between ticks, at least 1.");
        var oldestFirst = order switch
        {
            null or "" or "newest" => false,
            "oldest" => true,
            _ => throw new BadRequestException("order", "order must be newest or oldest."),
        };
        return new PredictionRequest(string.IsNullOrEmpty(entity) ? null : Required.Entity(entity), start, end, (int?)cadence, anomalous, oldestFirst);
    }
}

/// <summary>Where a page of verdicts ended: its last row, and how many rows like it came.</summary>
readonly record struct PredictionCursor(long T, int Entity, int CadenceMs, int Repeats)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{T}.{Entity}.{CadenceMs}.{Repeats}");

    public static bool TryParse(string text, out PredictionCursor cursor)
    {
        cursor = default;
        var parts = text.Split('.');
        if (parts.Length != 4
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var t) || t > RangeRequest.LastMs
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var entity)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var cadence)
            || !int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var repeats))
        {
            return false;
        }
        cursor = new PredictionCursor(t, entity, cadence, repeats);
        return true;
    }
}
