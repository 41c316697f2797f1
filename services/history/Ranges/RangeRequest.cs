namespace Forewarn.History.Ranges;

/// <summary>A question that cannot be answered: the parameter at fault and why.</summary>
sealed class BadRequestException(string parameter, string reason) : Exception(reason)
{
    public string Field => parameter;
}

/// <summary>A checked question for several series of one entity.</summary>
/// <param name="From">Unix milliseconds, inclusive.</param>
/// <param name="To">Unix milliseconds, exclusive.</param>
/// <param name="StepMs">Width of a bucket, at least 1.</param>
sealed record RangeRequest(string Entity, IReadOnlyList<string> Series, long From, long To, long StepMs, bool Scores)
{
    public const int MostSeries = 50;
    public const int MostPoints = 1_000;

    /// <summary>Points of all series together that are enough when the server chooses the step: so many charts side by side are small.</summary>
    const int ChosenPoints = 20_000;

    /// <summary>An answer through a sidecar should stay below 2 MiB; the figures are what a point costs as JSON with values of 7 digits.</summary>
    const int MostBytes = 2_080_000, BytesPerTime = 14, BytesPerSeries = 3 * 15, BytesPerScore = 36;

    /// <summary>The begin of 9999: dates end a year later, and buckets and look-backs need some room.</summary>
    public const long LastMs = 253_370_764_800_000;

    /// <exception cref="BadRequestException">A parameter is missing or out of range.</exception>
    public static RangeRequest Parse(string? entity, string? series, long? from, long? to, long? step, bool scores)
    {
        var ids = ParseSeries(series, scores);
        var (start, end) = ParseSpan(from, to);
        var points = MostPointsFor(ids.Count, scores);
        var chosen = step ?? 0;
        if (chosen is < 0 or > LastMs)
            throw new BadRequestException("step", "step is milliseconds between points; 0 or absent lets the server choose.");
        if (chosen == 0)
            chosen = StepLadder.Choose(end - start, Math.Min(points, ChosenPoints / Math.Max(1, ids.Count)));
        else if (StepLadder.Count(start, end, chosen) is var count && count > points)
            throw new BadRequestException("step", $"step {chosen} gives {count} points; at most {points} for {ids.Count} series: take a larger step or leave it out.");
        return new RangeRequest(Required.Entity(entity), ids, start, end, chosen, scores);
    }

    public static int MostPointsFor(int series, bool scores) =>
        Math.Min(MostPoints, MostBytes / (BytesPerTime + series * BytesPerSeries + (scores ? BytesPerScore : 0)));

    /// <exception cref="BadRequestException">A bound is missing, negative, or the span is empty.</exception>
    public static (long From, long To) ParseSpan(long? from, long? to)
    {
        if (from is not { } start || start < 0 || start > LastMs)
            throw new BadRequestException("from", "from is required: unix milliseconds.");
        if (to is not { } end || end < 0 || end > LastMs)
            throw new BadRequestException("to", "to is required: unix milliseconds.");
        return end > start ? (start, end) : throw new BadRequestException("to", "to must be later than from.");
    }

    /// <summary>As <see cref="ParseSpan"/>; a bound that is absent bounds nothing.</summary>
    /// <exception cref="BadRequestException">A bound is negative or too late, or the span is empty.</exception>
    public static (long From, long To) ParseOpenSpan(long? from, long? to) =>
        from is null && to is null ? (0, long.MaxValue) : ParseSpan(from ?? 0, to ?? LastMs);

    static List<string> ParseSeries(string? series, bool scores)
    {
        var ids = ParseIds(series);
        return ids.Count > 0 || scores
            ? ids
            : throw new BadRequestException("series", "series is required: up to 50 ids from /v1/series, separated by commas.");
    }

    /// <exception cref="BadRequestException">One is not an id, or they are too many.</exception>
    public static List<string> ParseIds(string? series)
    {
        var ids = (series ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.Ordinal).ToList();
        if (ids.Count > MostSeries)
            throw new BadRequestException("series", $"{ids.Count} series; at most {MostSeries} at once.");
        if (ids.Find(id => id.Length != 16 || !id.All(char.IsAsciiHexDigitLower)) is { } bad)
            throw new BadRequestException("series", $"'{(bad.Length > 40 ? bad[..40] : bad)}' is not a series id: 16 hex digits.");
        return ids;
    }
}

static class Required
{
    /// <exception cref="BadRequestException">No entity was named.</exception>
    public static string Entity(string? entity) =>
        string.IsNullOrEmpty(entity) || entity.Contains('\0', StringComparison.Ordinal)
            ? throw new BadRequestException("entity", "entity is required: a name from /v1/entities.")
            : entity;

    /// <exception cref="BadRequestException">The limit is out of range.</exception>
    public static int Limit(long? limit, int standard, int most) =>
        limit is null ? standard
        : limit >= 1 && limit <= most ? (int)limit.Value
        : throw new BadRequestException("limit", $"limit must be from 1 to {most}.");
}
