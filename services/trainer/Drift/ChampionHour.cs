using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>One hour of one champion, as replicas of <c>predictor</c> have reported it.</summary>
/// <param name="Model">Its version.</param>
/// <param name="ChampionAt">When it became champion, unix milliseconds.</param>
/// <param name="Hour">Start of the hour, unix milliseconds.</param>
sealed record ChampionHour(string Model, long ChampionAt, long Hour)
{
    /// <summary>The producer of what has been added up.</summary>
    const string Everybody = "";

    const int MostReports = 100;
    const int MostFeatures = 64;
    const int MostNamed = 1000;

    /// <summary>The newest of each process start; one once the hour is over.</summary>
    public IReadOnlyList<ChampionReport> Reports { get; init; } = [];

    bool IsFolded => Reports is [{ Producer: Everybody }];

    public bool Is(ChampionReport report) => report.Model == Model && report.ChampionAt == ChampionAt && report.Hour == Hour;

    /// <summary>Takes a report; the same hour when it is overtaken, comes after the end, or is none that a predictor would send.</summary>
    public ChampionHour With(ChampionReport report)
    {
        if (IsFolded || !IsSound(report) || Reports.Any(known => known.Producer == report.Producer && known.WatchedMs >= report.WatchedMs))
            return this;
        return this with { Reports = [report, .. Reports.Where(known => known.Producer != report.Producer).Take(MostReports - 1)] };
    }

    /// <summary>Adds up what will not change any more.</summary>
    public ChampionHour Fold() => IsFolded || Reports.Count == 0 ? this : this with { Reports = [Reports.Aggregate(Add) with { Producer = Everybody }] };

    static ChampionReport Add(ChampionReport one, ChampionReport other)
    {
        string[] opened = [.. one.Opened.Union(other.Opened, StringComparer.Ordinal)];
        return one with
        {
            WatchedMs = one.WatchedMs + other.WatchedMs,
            Ticks = one.Ticks + other.Ticks,
            Features = one.Features.Count == other.Features.Count ? [.. one.Features.Zip(other.Features, Add)] : one.Features,
            Scores = Add(one.Scores, other.Scores),
            Opened = [.. opened.Take(MostNamed)],
            MoreOpened = one.MoreOpened + other.MoreOpened + Math.Max(0, opened.Length - MostNamed),
            // While settings are rolled out replicas differ; the stricter one counts.
            FalseAlarmsPerWeek = Math.Min(one.FalseAlarmsPerWeek, other.FalseAlarmsPerWeek),
            At = Math.Max(one.At, other.At),
        };
    }

    internal static IReadOnlyList<long> Add(IReadOnlyList<long> one, IReadOnlyList<long> other) =>
        one.Count == other.Count ? [.. one.Zip(other, static (a, b) => a + b)] : one.Count > 0 ? one : other;

    static bool IsSound(ChampionReport report) =>
        report.Producer != Everybody && report is { WatchedMs: >= 0, Ticks: >= 0, MoreOpened: >= 0 }
        && report.Features.Count <= MostFeatures && report.Opened.Count <= MostNamed
        && report.Features.Append(report.Scores).All(bins => bins.Count <= ReferenceHistogram.MaxBins);
}
