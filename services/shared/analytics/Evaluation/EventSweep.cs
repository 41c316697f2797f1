namespace Forewarn.Analytics;

/// <summary>Events found at a budget of false alarms.</summary>
/// <param name="Threshold">Points scored at or above it are alarms; infinite when even the highest score breaks the budget.</param>
/// <param name="Recall">Share of events with an alarm inside.</param>
public readonly record struct RecallAtBudget(double Threshold, double Recall);

/// <summary>
/// Event recall against episodes of false alarms, with one threshold over all series of a set: ranking quality, since
/// nobody knows that threshold beforehand.
/// </summary>
/// <remarks>
/// False points nearer than <see cref="EventMetrics.Merge"/> points are one episode. The threshold falls from the highest
/// score until the budget is first exceeded: farther down episodes would merge again, until one alarm without end counted
/// as one episode. For the same reason no threshold counts that half of all normal points reach, as all do of a score that
/// never changes.
/// </remarks>
public sealed class EventSweep
{
    readonly double[] _scores;
    readonly int[] _series;

    /// <summary>Change of the number of false episodes of the series, 1 where the point finds an event, 1 where it is normal.</summary>
    readonly (sbyte Episodes, sbyte Found, sbyte Normal)[] _changes;
    readonly (double Normal, double Events)[] _totals;

    public EventSweep(IReadOnlyList<EventSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var points = series.Sum(one => one.Scores.Length);
        (_scores, _series, _changes) = (new double[points], new int[points], new (sbyte, sbyte, sbyte)[points]);
        _totals = new (double, double)[series.Count];
        var at = 0;
        for (var s = 0; s < series.Count; s++)
        {
            at = Rank(series[s], s, at);
        }

        var keys = _scores.Select(score => -score).ToArray();
        var order = Enumerable.Range(0, points).ToArray();
        Array.Sort(keys, order);
        _scores = [.. order.Select(i => _scores[i])];
        _series = [.. order.Select(i => _series[i])];
        _changes = [.. order.Select(i => _changes[i])];
    }

    public int Series => _totals.Length;

    /// <summary>The recall at a budget, each series counted as often as <paramref name="weights"/> says; NaN without events.</summary>
    /// <param name="episodesPerThousand">False episodes per 1,000 normal points.</param>
    /// <param name="weights">One for each series.</param>
    public RecallAtBudget At(double episodesPerThousand, ReadOnlySpan<int> weights)
    {
        double normal = 0, events = 0;
        for (var i = 0; i < _totals.Length; i++)
        {
            normal += weights[i] * _totals[i].Normal;
            events += weights[i] * _totals[i].Events;
        }

        var best = new RecallAtBudget(double.PositiveInfinity, events > 0 ? 0 : double.NaN);
        double episodes = 0, found = 0, falsely = 0;
        for (var i = 0; i < _scores.Length; i++)
        {
            episodes += weights[_series[i]] * _changes[i].Episodes;
            found += weights[_series[i]] * _changes[i].Found;
            falsely += weights[_series[i]] * _changes[i].Normal;
            if (i + 1 < _scores.Length && _scores[i + 1] == _scores[i])
            {
                continue;
            }

            if (episodes * 1000 > episodesPerThousand * normal || 2 * falsely >= normal)
            {
                break;
            }

            best = new RecallAtBudget(_scores[i], found / events);
        }

        return best;
    }

    // Takes the points of one series from the highest score down; what each changes does not depend on other series.
    int Rank(EventSeries series, int index, int at)
    {
        var count = series.Scores.Length;
        var eventOf = new int[count];
        Array.Fill(eventOf, -1);
        var events = LabelledRanges.Of(series.Labels);
        for (var e = 0; e < events.Count; e++)
        {
            eventOf.AsSpan(events[e].First, events[e].Last - events[e].First + 1).Fill(e);
        }

        _totals[index] = (series.Labels.Count(label => !label), events.Count);
        var keys = series.Scores.Select(score => -score).ToArray();
        var order = Enumerable.Range(0, count).ToArray();
        Array.Sort(keys, order);
        var (isFalse, isFound) = (new bool[count], new bool[events.Count]);
        foreach (var point in order)
        {
            sbyte episodes = 0, found = 0, normal = 0;
            if (eventOf[point] is var hit && hit >= 0)
            {
                found = isFound[hit] ? (sbyte)0 : (sbyte)1;
                isFound[hit] = true;
            }
            else
            {
                isFalse[point] = true;
                normal = 1;
                episodes = Change(isFalse, point);
            }

            (_scores[at], _series[at], _changes[at++]) = (series.Scores[point], index, (episodes, found, normal));
        }

        return at;
    }

    // A lonely point begins an episode, one between two neighbours may join theirs.
    static sbyte Change(bool[] isFalse, int point)
    {
        int left = 1, right = 1;
        while (left < EventMetrics.Merge && !(point - left >= 0 && isFalse[point - left]))
        {
            left++;
        }

        while (right < EventMetrics.Merge && !(point + right < isFalse.Length && isFalse[point + right]))
        {
            right++;
        }

        var (hasLeft, hasRight) = (left < EventMetrics.Merge, right < EventMetrics.Merge);
        return (hasLeft, hasRight) switch
        {
            (false, false) => 1,
            (true, true) when left + right >= EventMetrics.Merge => -1,
            _ => 0,
        };
    }
}
