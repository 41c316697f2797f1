using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>A challenger beside its group's champion, and what replicas have reported of it.</summary>
/// <param name="Group">Their group.</param>
/// <param name="Challenger">Version that is tried.</param>
/// <param name="Champion">Version that decides.</param>
/// <param name="Since">Unix milliseconds; reports carry it, so that those of an earlier trial are not counted.</param>
sealed record Trial(string Group, string Challenger, string Champion, long Since)
{
    /// <summary>Bounds the registry when predictors keep restarting; what is dropped is missing from the sum, never counted twice.</summary>
    const int ReportsKept = 100;

    /// <summary>The newest of each process start, most recently heard first.</summary>
    public IReadOnlyList<ShadowReport> Reports { get; init; } = [];

    /// <summary>Both on what people labelled; null until it was replayed.</summary>
    public IncidentReplay? Replay { get; init; }

    /// <summary>Takes a report; the same trial when it is of another one, known or overtaken.</summary>
    public Trial With(ShadowReport report)
    {
        if (report.Trial != Since || report.Challenger != Challenger || report.Champion != Champion)
            return this;
        if (Reports.Any(known => IsSameCount(known, report) && known.Ticks >= report.Ticks))
            return this;
        return this with { Reports = [report, .. Reports.Where(known => !IsSameCount(known, report)).Take(ReportsKept - 1)] };
    }

    public ModelComparison Sum() => new()
    {
        Against = Champion,
        Since = Since,
        Ticks = Reports.Sum(report => report.Ticks),
        ChampionOpenings = Reports.Sum(report => report.ChampionOpenings),
        ChallengerOpenings = Reports.Sum(report => report.ChallengerOpenings),
        // While settings are rolled out replicas differ; the stricter one judges.
        FalseAlarmsPerWeek = Reports.Count > 0 ? Reports.Min(report => report.FalseAlarmsPerWeek) : null,
        Agreement = Reports.Aggregate(default(ScoreSums), (sum, report) => sum + report.Scores).Correlation(),
        At = Reports.Count > 0 ? Reports.Max(report => report.At) : null,
        Replay = Replay,
    };

    static bool IsSameCount(ShadowReport one, ShadowReport other) => one.Producer == other.Producer && one.CountedSince == other.CountedSince;
}
