using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests;

public sealed class WatchRulesTests
{
    const double Factor = 3;

    // A week of one host; the budget of 2 makes 6 allowed.
    [Theory]
    [InlineData(168, 4, 0, false, "fewer than five may be anything")]
    [InlineData(168, 6, 0, false, "what is allowed")]
    [InlineData(168, 14, 0, false, "improbable, but not by enough")]
    [InlineData(168, 16, 0, true, "a Poisson count of mean 6 is as high once in two thousand times")]
    [InlineData(168, 16, 8, false, "the champion before had that many too")]
    [InlineData(168, 60, 8, true, "twice what three times the rate before makes")]
    [InlineData(24, 4, 0, false, "one day of one host: four are fewer than five")]
    [InlineData(24, 6, 0, true, "six in a day where less than one is allowed")]
    [InlineData(24_000, 860, 0, false, "a thousand hosts for a day, as allowed")]
    [InlineData(24_000, 1000, 0, true, "and 140 more")]
    [InlineData(1, 1, 0, false, "one alarm in the first hour")]
    [InlineData(0, 0, 0, false, "nothing was watched yet")]
    public void It_goes_when_so_many_alarms_are_improbable_at_the_allowed_rate(double hours, long alarms, double before, bool rollsBack, string because) =>
        WatchRules.Judge(Seen(hours, alarms, before), Factor).RollBack.ShouldBe(rollsBack, because);

    [Theory]
    [InlineData(true, 0.1, true, "it was better before")]
    [InlineData(true, 0.9, false, "both are strangers: going back helps nobody")]
    [InlineData(true, null, false, "nobody knows how it was before")]
    [InlineData(false, 0.1, false, "not past the bound, or on too little")]
    public void Drift_takes_it_back_only_to_a_champion_that_had_less(bool moved, double? before, bool rollsBack, string because) =>
        WatchRules.Judge(Seen(24, 0, 0) with { Drift = Finding(0.5, moved), BeforeWorstDrift = before }, Factor).RollBack.ShouldBe(rollsBack, because);

    [Fact]
    public void The_reason_names_counts_and_bound() => WatchRules.Judge(Seen(168, 16, 0), Factor).Reason.ShouldBe(
        "16 alarms in 168.0 entity-hours, where 3 times the budget makes 6.0.");

    static WatchedChampion Seen(double hours, long alarms, double before) =>
        new(TimeSpan.FromHours(hours), alarms, BudgetPerWeek: 2, before, Finding(0.01, moved: false), BeforeWorstDrift: null);

    static DriftFinding Finding(double score, bool moved) => new(score, [new FeatureDrift("level_max", score / 2)], IsEnough: moved, moved, "It moved.");
}
