using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>Some hours of one champion together.</summary>
/// <param name="Hours">Hours in which ticks were counted.</param>
/// <param name="Ticks">Ticks in the histograms.</param>
/// <param name="Watched">Time of all entities together.</param>
/// <param name="Features">Ticks by bin for each entry of the row.</param>
/// <param name="Scores">Ticks by bin of calibrated scores.</param>
/// <param name="Opened">Hours (unix milliseconds) in which a decision was opened, by entity, ascending.</param>
/// <param name="MoreOpened">Openings on entities that are not named.</param>
/// <param name="FalseAlarmsPerWeek">The budget, per entity.</param>
sealed record ChampionSum(
    int Hours, long Ticks, TimeSpan Watched, IReadOnlyList<IReadOnlyList<long>> Features, IReadOnlyList<long> Scores,
    IReadOnlyDictionary<string, IReadOnlyList<long>> Opened, long MoreOpened, double FalseAlarmsPerWeek)
{
    const long HourMs = 3_600_000;

    public static ChampionSum Empty { get; } = new(0, 0, TimeSpan.Zero, [], [], new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal), 0, 0);

    /// <summary>Sums up hours that are folded.</summary>
    public static ChampionSum Of(IEnumerable<ChampionHour> hours)
    {
        ChampionReport[] reports = [.. hours.SelectMany(hour => hour.Reports)];
        if (reports.Length == 0)
            return Empty;
        var features = reports[0].Features;
        foreach (var report in reports.Skip(1).Where(report => report.Features.Count == features.Count))
            features = [.. features.Zip(report.Features, ChampionHour.Add)];
        return new(
            reports.Count(report => report.Ticks > 0),
            reports.Sum(report => report.Ticks),
            TimeSpan.FromMilliseconds(reports.Sum(report => report.WatchedMs)),
            features,
            reports.Skip(1).Aggregate(reports[0].Scores, (sum, report) => ChampionHour.Add(sum, report.Scores)),
            reports.SelectMany(report => report.Opened, (report, entity) => (entity, report.Hour))
                .GroupBy(opening => opening.entity, opening => opening.Hour, StringComparer.Ordinal)
                .ToDictionary(entity => entity.Key, IReadOnlyList<long> (entity) => [.. entity.Distinct().Order()], StringComparer.Ordinal),
            reports.Sum(report => report.MoreOpened),
            reports.Min(report => report.FalseAlarmsPerWeek));
    }

    /// <summary>
    /// Times at which it alarmed: an entity's openings in one hour, or in hours that follow each other, are one, so that
    /// a fault which opens decision after decision counts once.
    /// </summary>
    /// <param name="confirmed">Entities on which people have confirmed an incident: the alarm was right.</param>
    public long Alarms(IReadOnlySet<string> confirmed) => MoreOpened + Opened
        .Where(entity => !confirmed.Contains(entity.Key))
        .Sum(entity => entity.Value.Where((hour, i) => i == 0 || hour - entity.Value[i - 1] > HourMs).LongCount());

    /// <summary>Alarms per entity and week; null when nothing was watched.</summary>
    public double? AlarmsPerWeek(IReadOnlySet<string> confirmed) => Watched > TimeSpan.Zero ? Alarms(confirmed) / (Watched / TimeSpan.FromDays(7)) : null;
}
