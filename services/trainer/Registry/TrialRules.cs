using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

enum TrialOutcome
{
    GoOn,
    Promote,
    Retire,
}

/// <summary>What is to become of a challenger, and why.</summary>
readonly record struct Judgement(TrialOutcome Outcome, string Reason);

/// <summary>How long and on how much a challenger is tried.</summary>
/// <param name="Ticks">Entity-ticks needed.</param>
/// <param name="AtLeast">Time needed: a day has hours of many kinds.</param>
/// <param name="AtMost">A challenger that has not shown its worth by then is retired.</param>
readonly record struct TrialLimits(long Ticks, TimeSpan AtLeast, TimeSpan AtMost);

/// <summary>When a challenger takes over.</summary>
static class TrialRules
{
    static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>
    /// A challenger that was tried enough takes over when it would have opened no more than the false-alarm budget allows,
    /// or no more than the champion did on the same ticks: real incidents open decisions too and must not count against it.
    /// On what people labelled it must find at least as many incidents and repeat no more false alarms than the champion.
    /// </summary>
    public static Judgement Judge(ModelComparison comparison, long now, TrialLimits limits)
    {
        var age = TimeSpan.FromMilliseconds(now - comparison.Since);
        if (Missing(comparison, age, limits) is { } missing)
            return new(age >= limits.AtMost ? TrialOutcome.Retire : TrialOutcome.GoOn, missing);
        return new(TrialOutcome.Promote, $"{Counts(comparison)}. {Labels(comparison.Replay!)}");
    }

    /// <summary>The judgement when it is good but an incident is open: nobody changes the judge during the trial of a fault.</summary>
    public static Judgement Postpone(ModelComparison comparison, long now, TrialLimits limits) => new(
        TimeSpan.FromMilliseconds(now - comparison.Since) >= limits.AtMost ? TrialOutcome.Retire : TrialOutcome.GoOn,
        "Incidents were open whenever it could have become champion.");

    static string? Missing(ModelComparison comparison, TimeSpan age, TrialLimits limits)
    {
        if (comparison.Ticks < limits.Ticks)
            return string.Create(CultureInfo.InvariantCulture, $"Only {comparison.Ticks:N0} of {limits.Ticks:N0} entity-ticks were compared.");
        if (age < limits.AtLeast)
            return string.Create(CultureInfo.InvariantCulture, $"It was tried for {age.TotalHours:0.#} of {limits.AtLeast.TotalHours:0.#} hours.");
        if (comparison.ChallengerOpenings > Math.Max(Allowed(comparison), comparison.ChampionOpenings))
            return $"{Counts(comparison)}.";
        return comparison.Replay switch
        {
            null => "What people labelled was not replayed yet.",
            { } replay when replay.ChallengerFound < replay.ChampionFound || replay.ChallengerRepeated > replay.ChampionRepeated => Labels(replay),
            _ => null,
        };
    }

    static string Labels(IncidentReplay replay) => replay is { Incidents: 0, FalseAlarms: 0 }
        ? "No incident is labelled: live traffic alone decides."
        : $"Of {replay.Incidents} labelled incidents it finds {replay.ChallengerFound}, the champion {replay.ChampionFound}; of {replay.FalseAlarms} false alarms it repeats {replay.ChallengerRepeated}, the champion {replay.ChampionRepeated}.";

    static string Counts(ModelComparison comparison) => string.Create(
        CultureInfo.InvariantCulture,
        $"In {Watched(comparison).TotalHours:N0} entity-hours it would have opened {comparison.ChallengerOpenings} decisions, the champion opened {comparison.ChampionOpenings}, the budget allows {Allowed(comparison):0.#}");

    static double Allowed(ModelComparison comparison) => (comparison.FalseAlarmsPerWeek ?? 0) * (Watched(comparison) / Week);

    static TimeSpan Watched(ModelComparison comparison) => TimeSpan.FromMilliseconds(comparison.Ticks * (double)CadenceRules.Ticks.CadenceMs);
}
