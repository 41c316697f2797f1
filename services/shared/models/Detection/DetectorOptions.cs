using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>When a score is an alarm.</summary>
/// <param name="FalseAlarmsPerWeek">Budget of alarms per entity on normal behaviour.</param>
/// <param name="Threshold">A plain score threshold in its place; null = the budget decides.</param>
public sealed record DetectorOptions(double FalseAlarmsPerWeek = DetectorOptions.UsualFalseAlarms, double? Threshold = null)
{
    /// <summary>The budget that levels were measured for.</summary>
    public const double UsualFalseAlarms = 2;

    /// <summary>
    /// The smallest budget that can be given while running: one false alarm in nineteen years. On seconds it asks for p = 2.5e-8
    /// (<see cref="AlarmLevel"/>), where five days of one's own past count down to 1/n = 5e-6: the fitted tail is extended by two powers of
    /// ten and a bit. Farther out nobody can tell how true such a p is, so less is not spent; who wants to hear less routes or limits.
    /// </summary>
    public const double LeastFalseAlarms = 0.001;

    /// <summary>The largest budget, beyond which every level is at its own bound.</summary>
    public const double MostFalseAlarms = 1000;

    /// <summary>These with another budget, at least <see cref="LeastFalseAlarms"/> and at most <see cref="MostFalseAlarms"/>.</summary>
    public DetectorOptions WithBudget(double falseAlarmsPerWeek) =>
        this with { FalseAlarmsPerWeek = Math.Clamp(falseAlarmsPerWeek, LeastFalseAlarms, MostFalseAlarms) };
}

/// <summary>How one cadence turns strange ticks into a decision.</summary>
/// <param name="CadenceMs">Milliseconds between ticks.</param>
/// <param name="Needed">Strange ticks needed to open, of the last <paramref name="Of"/>.</param>
/// <param name="Of">Ticks looked back at.</param>
/// <param name="Quiet">Time without a strange tick that closes it.</param>
public sealed record CadenceRules(int CadenceMs, int Needed, int Of, TimeSpan Quiet)
{
    /// <summary>An entity's own ticks: 4 of 6, 30 s.</summary>
    public static CadenceRules Ticks { get; } = new(1000, DecisionDefaults.Needed, DecisionDefaults.Of, DecisionDefaults.Quiet);

    /// <summary>1-minute means: 2 of 3, 3 min.</summary>
    public static CadenceRules Minutes { get; } = new(60_000, 2, 3, TimeSpan.FromMinutes(3));
}

/// <summary>The p-value at which a tick counts as strange.</summary>
public static class AlarmLevel
{
    const int Cadences = 2;
    static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>
    /// p = budget / 2 x quiet / week. On normal behaviour a share p of the time is strange, that is p x week a week.
    /// Strange ticks come in clusters, and a cluster opens at most one decision: strange ticks nearer to each other than
    /// the quiet time belong together, so an opening uses up about one quiet time of strangeness. Openings a week are then
    /// p x week / quiet, half of the budget for each of the two cadences. With independent ticks there would be fewer:
    /// k of n of them had to coincide.
    /// </summary>
    public static double PValue(double falseAlarmsPerWeek, CadenceRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return Math.Min(falseAlarmsPerWeek / Cadences * (rules.Quiet / Week), 0.05);
    }
}
