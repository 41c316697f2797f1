using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>How often a joint model alarmed at ordinary behaviour that it has not learned.</summary>
/// <param name="Watched">Time of all entities together.</param>
/// <param name="Alarms">Alarms raised in it.</param>
/// <param name="Allowed">As many may be chance.</param>
readonly record struct JointCheck(TimeSpan Watched, int Alarms, int Allowed)
{
    /// <summary>How many times the false-alarm budget is still no objection: a check lasts minutes to hours, where the budget speaks of weeks.</summary>
    public const double RateFactor = 3;

    /// <summary>How improbable more alarms than allowed must be at that rate.</summary>
    public const double Improbable = 1e-2;

    static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public bool HasPassed => Alarms <= Allowed;

    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"In {Watched.TotalMinutes:0} entity-minutes of the newest tenth, which it has not learned, it alarmed {Alarms} times; {Allowed} may be chance.");

    /// <summary>
    /// Allowed is the largest count that a Poisson process at <see cref="RateFactor"/> times the budget exceeds with no less than
    /// <see cref="Improbable"/>, and one in any case: a single alarm proves nothing.
    /// </summary>
    public static JointCheck Of(TimeSpan watched, int alarms, DetectorOptions budget)
    {
        var mean = RateFactor * budget.FalseAlarmsPerWeek * (watched / Week);
        var allowed = 1;
        while (PoissonTail.AtLeast(allowed + 1, mean) >= Improbable)
            allowed++;
        return new JointCheck(watched, alarms, allowed);
    }
}
