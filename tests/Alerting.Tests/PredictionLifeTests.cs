using Forewarn.Alerting.Incidents;
using Forewarn.Contracts;
using static Forewarn.Alerting.Tests.Incident;

namespace Forewarn.Alerting.Tests;

/// <summary>Said at second 0: in 100 s, 80 % between 50 and 200 s.</summary>
public sealed class PredictionLifeTests
{
    [Fact]
    public void What_was_said_first_stands()
    {
        var said = Said();
        var later = Observed(said, Breach(60, 10), Start + 60_000)!;

        later.Incident.Prediction.ShouldBe(said.Incident.Prediction);
        (said.Incident.Prediction!.SaidAt, said.Incident.Prediction.PredictedAt, said.Incident.Prediction.LatestAt).ShouldBe((Start, Start + 100_000, Start + 200_000));
        said.Incident.Prediction.Probability.ShouldBe(0.8);
        said.Incident.Prediction.Outcome.ShouldBe(PredictionOutcome.Pending);
    }

    [Theory]
    [InlineData("reached", "", PredictionOutcome.Confirmed)]
    [InlineData("reached", "acknowledge", PredictionOutcome.Confirmed)]
    [InlineData("reset", "", PredictionOutcome.Averted)]
    [InlineData("receded", "", PredictionOutcome.Expired)]
    [InlineData("receded", "acknowledge", PredictionOutcome.Averted)]
    [InlineData("receded", "change", PredictionOutcome.Averted)]
    [InlineData("receded", "resolve", PredictionOutcome.Averted)]
    [InlineData("receded", "comment", PredictionOutcome.Expired)]
    [InlineData("nothing", "", PredictionOutcome.Expired)]
    [InlineData("nothing", "acknowledge", PredictionOutcome.Averted)]
    public void Its_outcome_follows_from_what_happened_and_what_was_done_before(string happened, string done, PredictionOutcome outcome)
    {
        var state = Said();
        if (done.Length > 0)
            state = IncidentActions.Apply(state, new(Enum.Parse<IncidentActionKind>(done, ignoreCase: true), null, "anna", "restarted it", Start + 20_000), Start + 20_000);
        if (happened != "nothing")
            state = Observed(state, Breach(40, 0, Enum.Parse<ForecastCourse>(happened, ignoreCase: true)), Start + 40_000)!;
        for (var now = Start + 40_000; now <= Start + 201_000; now += 1000)
            state = IncidentMachine.Elapse(state, now, Options);

        state.Incident.Prediction!.Outcome.ShouldBe(outcome);
        (state.Incident.Prediction.AvertedBy is not null).ShouldBe(outcome == PredictionOutcome.Averted);
        state.IsAlive.ShouldBe(state.Pending.Notices.Count > 0, "there is nothing left to find out");
    }

    [Fact]
    public void What_is_done_after_the_predicted_time_averts_nothing()
    {
        var state = IncidentActions.Apply(Said(), new(IncidentActionKind.Acknowledge, null, "anna", null, null), Start + 101_000);

        IncidentMachine.Elapse(state, Start + 201_000, Options).Incident.Prediction!.Outcome.ShouldBe(PredictionOutcome.Expired);
    }

    [Fact]
    public void It_outlives_its_incident_and_is_not_settled_before_its_time()
    {
        var over = IncidentMachine.Elapse(Said(), Start + 31_000, Options);

        over.Incident.Status.ShouldBe(IncidentStatus.Resolved);
        over.Incident.Prediction!.Outcome.ShouldBe(PredictionOutcome.Pending);
        IncidentMachine.Delivered(over).IsAlive.ShouldBeTrue();
        var reached = Observed(over, Breach(80, 0, ForecastCourse.Reached) with { Ongoing = true }, Start + 80_000)!;
        reached.Incident.Prediction!.Outcome.ShouldBe(PredictionOutcome.Confirmed);
        reached.Incident.Prediction.OutcomeAt.ShouldBe(Start + 80_000);
    }

    [Fact]
    public void A_limit_that_was_not_foreseen_is_no_prediction() =>
        Observed(null, Breach(0, 0, ForecastCourse.Reached), Start)!.Incident.Prediction.ShouldBeNull();

    [Fact]
    public void The_limit_of_another_series_settles_nothing()
    {
        var other = Breach(40, 0, ForecastCourse.Reached);

        Observed(Said(), other with { Forecast = other.Forecast! with { Series = "ffff" } }, Start + 40_000)!
            .Incident.Prediction!.Outcome.ShouldBe(PredictionOutcome.Pending);
    }

    static IncidentState Said() => Observed(null, Breach(0, 100), Start)!;
}
