namespace Forewarn.History.RollUps;

/// <summary>What the roll-ups of a stream hold for one entity; unix milliseconds.</summary>
/// <param name="Since">Begin of the first minute that was rolled up.</param>
/// <param name="RolledHours">End of the last hour that was rolled up.</param>
/// <param name="Rolled">End of the last minute that was rolled up.</param>
/// <param name="Kept">Per level of <see cref="Level.All"/>, before when retention has dropped it.</param>
/// <param name="LateMinutes">Begins of minutes that got rows since they were rolled up.</param>
sealed record Coverage(long Since, long RolledHours, long Rolled, IReadOnlyList<long> Kept, IReadOnlyList<long> LateMinutes)
{
    /// <summary>Nothing is rolled up, everything there is lies in the raw rows.</summary>
    public static readonly Coverage None = new(0, 0, 0, [0, 0, 0, 0], []);

    public long RawFrom => Kept[0];

    /// <summary>The span that a level above raw can hold, without regard to late minutes.</summary>
    public (long From, long To) SpanOf(int level) => (
        Level.All[level].Ceiling(Math.Max(Since, Kept[level])),
        Level.All[level] == Level.Hour ? RolledHours : Rolled);

    /// <summary>The parts between two times, in whole buckets, that a level answers completely; ascending.</summary>
    public IEnumerable<(long From, long To)> PartsOf(int level, long from, long to)
    {
        var width = Level.All[level];
        var span = SpanOf(level);
        var at = width.Ceiling(Math.Max(from, span.From));
        var end = width.Floor(Math.Min(to, span.To));
        foreach (var minute in LateMinutes)
        {
            var begin = width.Floor(minute);
            if (begin >= end)
                break;
            if (begin > at)
                yield return (at, begin);
            at = Math.Max(at, begin + Math.Max(width.WidthMs, Level.Minute.WidthMs));
        }
        if (at < end)
            yield return (at, end);
    }
}
