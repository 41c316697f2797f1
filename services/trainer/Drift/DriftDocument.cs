using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>What champions have met, hour by hour: one document beside the registry, changed only by these functions.</summary>
sealed record DriftDocument
{
    /// <summary>Four days; a watch and what it is compared with fit in.</summary>
    public const int HoursKept = 100;

    const long HourMs = 3_600_000;

    public int V { get; init; } = 1;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ChampionHour> Hours { get; init; } = [];

    /// <summary>Takes reports in; null when they tell nothing new.</summary>
    public DriftDocument? Count(IReadOnlyList<ChampionReport> reports)
    {
        var hours = Hours.ToList();
        var changed = false;
        foreach (var report in reports)
        {
            var at = hours.FindIndex(hour => hour.Is(report));
            var before = at < 0 ? new ChampionHour(report.Model, report.ChampionAt, report.Hour) : hours[at];
            var after = before.With(report);
            if (ReferenceEquals(after, before))
                continue;
            changed = true;
            if (at < 0)
                hours.Add(after);
            else
                hours[at] = after;
        }
        if (!changed)
            return null;
        // A replica tells the last of an hour within minutes of the next.
        var over = hours.Max(hour => hour.Hour) - HourMs;
        return this with
        {
            Hours = [.. hours.Select(hour => hour.Hour < over ? hour.Fold() : hour).OrderByDescending(hour => hour.Hour).ThenByDescending(hour => hour.ChampionAt).Take(HoursKept)],
        };
    }

    /// <summary>What a champion has met since a moment, over all replicas.</summary>
    public ChampionSum Sum(string model, long championAt, long since) => ChampionSum.Of(
        Hours.Where(hour => hour.Model == model && hour.ChampionAt == championAt && hour.Hour + HourMs > since).Select(hour => hour.Fold()));
}
