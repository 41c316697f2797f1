using System.Globalization;
using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>A champion that is watched because it has just replaced another.</summary>
/// <param name="Group">Its group.</param>
/// <param name="Champion">Its version.</param>
/// <param name="Before">The version it replaced.</param>
/// <param name="Since">Unix milliseconds; its <see cref="Contracts.ModelInfo.ChampionAt"/>.</param>
sealed record Watch(string Group, string Champion, string Before, long Since);

/// <summary>How two champions did, one after the other.</summary>
/// <param name="Watched">Time of all entities together under the new one.</param>
/// <param name="Alarms">Its alarms in that time, those on entities with confirmed incidents left out.</param>
/// <param name="BudgetPerWeek">Alarms per entity and week that are acceptable.</param>
/// <param name="BeforePerWeek">What the one before had, counted alike; null when that is not known.</param>
/// <param name="Drift">What the new one has met against what it learned.</param>
/// <param name="BeforeWorstDrift">The farthest that the one before had moved by then, on enough; null when that is not known.</param>
readonly record struct WatchedChampion(
    TimeSpan Watched, long Alarms, double BudgetPerWeek, double? BeforePerWeek, DriftFinding Drift, double? BeforeWorstDrift);

/// <summary>The outcome of a look at a watched champion.</summary>
/// <param name="Allowed">Alarms that budget and predecessor allow in the time.</param>
/// <param name="RollBack">It has to go.</param>
/// <param name="Reason">One sentence.</param>
readonly record struct WatchJudgement(double Allowed, bool RollBack, string Reason);

/// <summary>When a new champion is rolled back.</summary>
static class WatchRules
{
    /// <summary>Fewer alarms may be anything.</summary>
    public const int LeastAlarms = 5;

    /// <summary>
    /// How improbable so many alarms must be at the allowed rate. It is looked at every minute, and each look is a chance
    /// to be wrong; the counts of a day change some dozen times.
    /// </summary>
    public const double Improbable = 1e-3;

    static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>
    /// Rolled back is a champion with more alarms than <paramref name="factor"/> times the larger of the budget and its
    /// predecessor's rate would explain: a Poisson count at that rate is as high only with probability
    /// <see cref="Improbable"/>, and they are <see cref="LeastAlarms"/> at least. Or one that meets other measurements than
    /// it learned while its predecessor did better: where both are strangers, going back helps nobody.
    /// </summary>
    public static WatchJudgement Judge(WatchedChampion seen, double factor)
    {
        var rate = Math.Max(seen.BudgetPerWeek, seen.BeforePerWeek ?? 0);
        var allowed = factor * rate * (seen.Watched / Week);
        var counts = string.Create(
            CultureInfo.InvariantCulture,
            $"{seen.Alarms} alarms in {seen.Watched.TotalHours:N1} entity-hours, where {factor:0.#} times the {(rate > seen.BudgetPerWeek ? "rate before" : "budget")} makes {allowed:0.0}");
        if (seen.Alarms >= LeastAlarms && PoissonTail.AtLeast(seen.Alarms, allowed) < Improbable)
            return new(allowed, RollBack: true, $"{counts}.");
        if (seen.Drift.Moved && seen.BeforeWorstDrift is { } before && before < seen.Drift.Worst)
        {
            return new(allowed, RollBack: true, string.Create(
                CultureInfo.InvariantCulture, $"{seen.Drift.Summary} Under the champion before it was {before:0.000}."));
        }
        return new(allowed, RollBack: false, $"{counts}.");
    }
}
