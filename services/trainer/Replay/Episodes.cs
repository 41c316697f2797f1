namespace Forewarn.Trainer;

/// <summary>A time during which a decision was open, event time in unix milliseconds.</summary>
readonly record struct Episode(long From, long To);

/// <summary>What became of decisions on two cadences: one incident while either is open.</summary>
static class Episodes
{
    /// <summary>What opens again so soon goes on: as an incident does.</summary>
    public const long ReopenMs = 60_000;

    /// <summary>Joins what overlaps or follows closely; ascending.</summary>
    public static IReadOnlyList<Episode> Join(IEnumerable<Episode> parts)
    {
        var joined = new List<Episode>();
        foreach (var part in parts.OrderBy(part => part.From))
        {
            if (joined.Count > 0 && part.From <= joined[^1].To + ReopenMs)
                joined[^1] = new Episode(joined[^1].From, Math.Max(joined[^1].To, part.To));
            else
                joined.Add(part);
        }
        return joined;
    }

    /// <summary>Seconds after the beginning of a span at which it was told, negative when before; null when it was not.</summary>
    /// <param name="episodes">What was open.</param>
    /// <param name="from">Beginning of the span.</param>
    /// <param name="to">Its end.</param>
    /// <param name="marginMs">People round: what was open this near to it counts.</param>
    public static double? ToldAfter(IReadOnlyList<Episode> episodes, long from, long to, long marginMs)
    {
        foreach (var episode in episodes)
        {
            if (episode.From <= to + marginMs && episode.To >= from - marginMs)
                return (episode.From - from) / 1000.0;
        }
        return null;
    }
}
