namespace Forewarn.Analytics;

/// <summary>What a detector's own alarms found and what they cost, summed over the series of a set.</summary>
public sealed record EventMetrics
{
    /// <summary>False points nearer to each other than this are one episode: one thing a person is told.</summary>
    public const int Merge = 30;

    public required int Events { get; init; }

    /// <summary>Events with an alarm inside.</summary>
    public required int Found { get; init; }

    public required int NormalPoints { get; init; }

    /// <summary>Episodes of alarms on normal points; the rest of an alarm that outlasts its event is one.</summary>
    public required int FalseEpisodes { get; init; }

    /// <summary>Those of them that began on a normal point, not as the rest of a true alarm.</summary>
    public required int FalseOpenings { get; init; }

    /// <summary>Points from the beginning of each found event to its first alarm.</summary>
    public required IReadOnlyList<int> Delays { get; init; }

    /// <summary>For each event before whose beginning an alarm stood that lasted until less than <see cref="Merge"/> points before it: how many points before.</summary>
    public required IReadOnlyList<int> Leads { get; init; }

    public double Recall => Events == 0 ? double.NaN : (double)Found / Events;

    public double EpisodesPerThousand => NormalPoints == 0 ? double.NaN : FalseEpisodes * 1000.0 / NormalPoints;

    public double OpeningsPerThousand => NormalPoints == 0 ? double.NaN : FalseOpenings * 1000.0 / NormalPoints;

    /// <summary>Sums over series, each as often as <paramref name="weights"/> says.</summary>
    public static EventMetrics Sum(IReadOnlyList<EventMetrics> parts, ReadOnlySpan<int> weights)
    {
        ArgumentNullException.ThrowIfNull(parts);
        int events = 0, found = 0, normal = 0, episodes = 0, openings = 0;
        var (delays, leads) = (new List<int>(), new List<int>());
        for (var i = 0; i < parts.Count; i++)
        {
            events += weights[i] * parts[i].Events;
            found += weights[i] * parts[i].Found;
            normal += weights[i] * parts[i].NormalPoints;
            episodes += weights[i] * parts[i].FalseEpisodes;
            openings += weights[i] * parts[i].FalseOpenings;
            for (var n = 0; n < weights[i]; n++)
            {
                delays.AddRange(parts[i].Delays);
                leads.AddRange(parts[i].Leads);
            }
        }

        return new EventMetrics
        {
            Events = events,
            Found = found,
            NormalPoints = normal,
            FalseEpisodes = episodes,
            FalseOpenings = openings,
            Delays = delays,
            Leads = leads,
        };
    }

    /// <summary>Of one series.</summary>
    public static EventMetrics Of(ReadOnlySpan<bool> alarms, ReadOnlySpan<bool> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, alarms.Length, nameof(labels));
        var events = LabelledRanges.Of(labels);
        var (delays, leads) = (new List<int>(), new List<int>());
        var previousEnd = -1;
        foreach (var (first, last) in events)
        {
            var delay = alarms.Slice(first, last - first + 1).IndexOf(true);
            if (delay >= 0)
            {
                delays.Add(delay);
            }

            if (LeadOf(alarms, previousEnd + 1, first) is var lead && lead > 0)
            {
                leads.Add(lead);
            }

            previousEnd = last;
        }

        var (episodes, openings) = Episodes(alarms, labels);
        return new EventMetrics
        {
            Events = events.Count,
            Found = delays.Count,
            NormalPoints = labels.Length - events.Sum(range => range.Last - range.First + 1),
            FalseEpisodes = episodes,
            FalseOpenings = openings,
            Delays = delays,
            Leads = leads,
        };
    }

    static int LeadOf(ReadOnlySpan<bool> alarms, int from, int begin)
    {
        var earliest = begin;
        for (var i = begin - 1; i >= from && earliest - i < Merge; i--)
        {
            earliest = alarms[i] ? i : earliest;
        }

        return begin - earliest;
    }

    static (int Episodes, int Openings) Episodes(ReadOnlySpan<bool> alarms, ReadOnlySpan<bool> labels)
    {
        int episodes = 0, openings = 0, lastFalse = -Merge, lastAlarm = -Merge;
        for (var i = 0; i < alarms.Length; i++)
        {
            if (!alarms[i])
            {
                continue;
            }

            if (!labels[i])
            {
                episodes += i - lastFalse >= Merge ? 1 : 0;
                openings += i - lastAlarm >= Merge ? 1 : 0;
                lastFalse = i;
            }

            lastAlarm = i;
        }

        return (episodes, openings);
    }
}
