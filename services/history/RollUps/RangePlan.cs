namespace Forewarn.History.RollUps;

/// <summary>A span to read from one level, end exclusive.</summary>
readonly record struct Part(Level Level, long From, long To);

/// <summary>
/// Cuts a question into parts that together cover each instant once: from the coarsest level that still gives the step,
/// from finer ones at ragged ends and where it is not rolled up yet, and where everything fine enough is past its retention
/// from the finest level that is left, in whole buckets.
/// </summary>
sealed class RangePlan
{
    readonly Coverage _coverage;
    readonly List<Part> _parts = [];

    RangePlan(Coverage coverage) => _coverage = coverage;

    public static IReadOnlyList<Part> Of(long from, long to, long stepMs, Coverage coverage)
    {
        var plan = new RangePlan(coverage);
        var level = Level.All.Count - 1;
        while (stepMs % Level.All[level].WidthMs != 0)
            level--;
        plan.Cover(from, to, level);
        return plan._parts;
    }

    void Cover(long from, long to, int level)
    {
        if (from >= to)
            return;
        if (level == 0)
        {
            CoverExpired(from, Math.Min(to, _coverage.RawFrom));
            Add(level, Math.Max(from, _coverage.RawFrom), to);
            return;
        }
        var at = from;
        foreach (var (begin, end) in _coverage.PartsOf(level, from, to))
        {
            Cover(at, begin, level - 1);
            Add(level, begin, end);
            at = end;
        }
        Cover(at, to, level - 1);
    }

    void CoverExpired(long from, long to)
    {
        for (var level = 1; level < Level.All.Count && from < to; level++)
        {
            var span = _coverage.SpanOf(level);
            var begin = Math.Max(from, span.From);
            if (begin >= to)
                continue;
            Add(level, Level.All[level].Floor(begin), Math.Min(Level.All[level].Ceiling(to), span.To));
            to = begin;
        }
    }

    void Add(int level, long from, long to)
    {
        if (from < to)
            _parts.Add(new Part(Level.All[level], from, to));
    }
}
