using System.Globalization;
using Forewarn.History.Ranges;

namespace Forewarn.History.Searches;

/// <summary>A checked question for the samples of many entities.</summary>
/// <param name="From">Unix milliseconds, inclusive.</param>
/// <param name="To">Unix milliseconds, exclusive.</param>
/// <param name="StepMs">Width of a bucket; 0 = as measured.</param>
/// <param name="MostRows">Rows of a page.</param>
sealed record SampleRequest(SeriesFilter Filter, long From, long To, long StepMs, int MostRows)
{
    public const long MostStepMs = 366L * 86_400_000;
    public const int RowLimit = 50_000;

    /// <exception cref="BadRequestException">A parameter is missing or out of range.</exception>
    public static SampleRequest Parse(SeriesFilter filter, long? from, long? to, long? step, long? limit)
    {
        var (start, end) = RangeRequest.ParseSpan(from, to);
        return step is null or (>= 0 and <= MostStepMs)
            ? new SampleRequest(filter, start, end, step ?? 0, Required.Limit(limit, RowLimit, RowLimit))
            : throw new BadRequestException("step", $"step is milliseconds, at most {MostStepMs}; 0 or absent gives samples as they were measured.");
    }
}

/// <summary>Where a page of samples goes on: at a time of an entity, then with the entities after it.</summary>
readonly record struct SampleCursor(long T, string Entity)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{T}.{Entity}");

    public static bool TryParse(string text, out SampleCursor cursor)
    {
        cursor = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || dot == text.Length - 1 || text.Contains('\0', StringComparison.Ordinal)
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var t) || t > RangeRequest.LastMs)
        {
            return false;
        }
        cursor = new SampleCursor(t, text[(dot + 1)..]);
        return true;
    }
}
