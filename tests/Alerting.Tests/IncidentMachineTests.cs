using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;
using static Forewarn.Alerting.Tests.Incident;

namespace Forewarn.Alerting.Tests;

public sealed class IncidentMachineTests
{
    [Fact]
    public void The_first_detection_opens_and_notifies_at_once()
    {
        var state = Observed(null, At(0), Start)!;

        state.Incident.Status.ShouldBe(IncidentStatus.Open);
        state.Incident.Count.ShouldBe(1);
        state.Incident.Entities.ShouldBe(["web-1"]);
        state.Pending.Publish.ShouldBeTrue();
        Kinds(state).ShouldBe([NotificationKind.Opened]);
    }

    [Fact]
    public void A_repeat_changes_nothing()
    {
        var state = IncidentMachine.Delivered(Observed(null, At(0), Start)!);

        Observed(state, At(0), Start + 5_000).ShouldBeSameAs(state);
    }

    [Fact]
    public void A_limit_ahead_told_for_the_same_tick_in_another_delivery_is_no_repeat()
    {
        var state = IncidentMachine.Delivered(Observed(null, At(0), Start)!);
        var ahead = Breach(0, 100) with { Id = "another" };

        var both = Observed(state, ahead, Start + 100)!;
        both.Incident.Prediction.ShouldNotBeNull();
        Observed(both, At(0), Start + 200).ShouldBeSameAs(both);
        Observed(both, ahead, Start + 200).ShouldBeSameAs(both);
    }

    [Fact]
    public void Thirty_detections_are_one_incident_with_one_opening()
    {
        IncidentState? state = null;
        var told = new List<NotificationKind>();
        for (var second = 0; second < 30; second++)
        {
            state = Observed(state, At(second), Start + (second * 1000))!;
            told.AddRange(Kinds(state));
            state = IncidentMachine.Delivered(state);
        }

        told.Count(kind => kind == NotificationKind.Opened).ShouldBe(1);
        told.ShouldAllBe(kind => kind == NotificationKind.Opened || kind == NotificationKind.Updated);
        told.Count.ShouldBe(6, "an update every five seconds");
        state!.Incident.Count.ShouldBe(30);
    }

    [Fact]
    public void It_resolves_after_the_quiet_time_and_not_before()
    {
        var open = IncidentMachine.Delivered(Observed(null, At(0), Start)!);

        IncidentMachine.Elapse(open, Start + 29_999, Options).ShouldBeSameAs(open);
        var resolved = IncidentMachine.Elapse(open, Start + 30_000, Options);
        resolved.Incident.Status.ShouldBe(IncidentStatus.Resolved);
        resolved.Incident.ResolvedAt.ShouldBe(Start + 30_000);
        Kinds(resolved).ShouldBe([NotificationKind.Resolved]);
    }

    [Fact]
    public void It_continues_when_it_comes_back_soon_and_opens_anew_when_it_comes_back_late()
    {
        var resolved = Resolved();

        var soon = Observed(resolved, At(60), Start + 60_000)!;
        soon.Incident.Id.ShouldBe(resolved.Incident.Id);
        soon.Incident.Status.ShouldBe(IncidentStatus.Open);
        soon.Incident.Reopened.ShouldBe(1);
        Kinds(soon).ShouldBe([NotificationKind.Opened], "people were told that it is over");

        var late = Observed(resolved, At(600), Start + 600_000)!;
        late.Incident.Id.ShouldNotBe(resolved.Incident.Id);
        Kinds(late).ShouldBe([NotificationKind.Opened]);
    }

    [Fact]
    public void A_redelivery_from_before_the_end_does_not_reopen()
    {
        var resolved = Resolved();

        Observed(resolved, At(0), Start + 31_000).ShouldBeSameAs(resolved);
    }

    [Fact]
    public void Where_ticks_are_minutes_apart_it_waits_for_the_next_ones()
    {
        var open = IncidentMachine.Delivered(Observed(null, At(0) with { StepMs = 300_000 }, Start)!);
        IncidentMachine.Elapse(open, Start + 749_000, Options).ShouldBeSameAs(open);
        IncidentMachine.Elapse(open, Start + 750_000, Options).Incident.Status.ShouldBe(IncidentStatus.Resolved);
    }

    [Fact]
    public void What_only_goes_on_continues_an_incident_and_neither_opens_nor_reopens_one()
    {
        var ongoing = At(10) with { Ongoing = true };
        Observed(null, ongoing, Start).ShouldBeNull();
        var open = IncidentMachine.Delivered(Observed(null, At(0), Start)!);
        var kept = Observed(open, ongoing, Start + 29_000)!;
        IncidentMachine.Elapse(kept, Start + 31_000, Options).Incident.Status.ShouldBe(IncidentStatus.Open);

        var resolved = IncidentMachine.Elapse(open, Start + 31_000, Options);
        Observed(resolved, ongoing, Start + 32_000).ShouldBeSameAs(resolved);
        Observed(resolved, At(40), Start + 40_000)!.Incident.Status.ShouldBe(IncidentStatus.Open);
    }

    [Fact]
    public void What_comes_and_goes_is_waited_for_longer_each_time()
    {
        var state = Observed(null, At(0), Start)!;
        var quiet = new List<long>();
        var now = Start;
        for (var round = 0; round < 7; round++)
        {
            var began = now;
            while (state.Incident.Status != IncidentStatus.Resolved)
                state = IncidentMachine.Elapse(state, now += 1000, Options);
            quiet.Add((now - began) / 1000);
            state = Observed(state, At(((now += 1000) - Start) / 1000), now)!;
        }

        quiet.ShouldBe([30, 30, 30, 60, 120, 240, 480]);
        state.Incident.Flapping.ShouldBeTrue();
        state.Incident.Reopened.ShouldBe(7);
    }

    [Fact]
    public void What_somebody_closed_stays_closed_until_its_time_is_over()
    {
        var open = IncidentMachine.Delivered(Observed(null, At(0), Start)!);
        var closed = IncidentActions.Apply(open, new(IncidentActionKind.Resolve, open.Incident.Id, "anna", null, null), Start + 5_000);

        closed.Incident.Status.ShouldBe(IncidentStatus.Resolved);
        Observed(closed, At(10), Start + 10_000)!.Incident.Status.ShouldBe(IncidentStatus.Resolved);
        Observed(closed, At(100), Start + 100_000)!.Incident.Id.ShouldNotBe(closed.Incident.Id);
    }

    [Fact]
    public void What_becomes_more_severe_is_told_at_once_and_what_becomes_milder_is_not()
    {
        var open = IncidentMachine.Delivered(Observed(null, At(0), Start)!);

        var worse = Observed(open, At(1) with { P = 1e-7 }, Start + 1000)!;
        worse.Incident.Severity.ShouldBe(IncidentSeverity.Critical);
        Kinds(worse).ShouldBe([NotificationKind.Worsened]);
        var milder = Observed(IncidentMachine.Delivered(worse), At(2), Start + 2000)!;
        milder.Incident.Severity.ShouldBe(IncidentSeverity.Critical);
        milder.Pending.ShouldBe(Pending.None);
    }

    [Fact]
    public void Its_severity_comes_from_the_rule_where_a_person_wrote_one()
    {
        Observed(null, At(0) with { Kind = DetectionKind.Threshold, Severity = IncidentSeverity.Critical, P = null }, Start)!
            .Incident.Severity.ShouldBe(IncidentSeverity.Critical);
    }

    [Fact]
    public void It_keeps_the_row_of_its_worst_moment_with_the_model_that_scored_it()
    {
        var opened = Observed(null, At(0) with { Features = [1, 2], Model = "a" }, Start)!;
        var worse = Observed(opened, At(1) with { Score = 0.9, Features = [3, 4], Model = "b" }, Start + 1000)!;
        var milder = Observed(worse, At(2) with { Score = 0.7, Features = [5, 6], Model = "c" }, Start + 2000)!;

        opened.Incident.Features.ShouldBe([1, 2]);
        milder.Incident.Features.ShouldBe([3, 4]);
        milder.Incident.Model.ShouldBe("b");
    }

    [Fact]
    public void It_is_told_in_the_words_of_its_worst_moment_and_those_of_a_forecast_stay_apart()
    {
        var spike = Observed(null, At(0) with { Kind = DetectionKind.Spike, Summary = "cpu jumps", Model = "a" }, Start)!;
        var level = Observed(spike, At(1) with { Kind = DetectionKind.Level, Score = 0.9, Summary = "cpu stays up", Model = null }, Start + 1000)!;
        var ahead = Observed(level, At(2) with { Kind = DetectionKind.PredictedBreach, Score = 0.99, Summary = "disk fills up" }, Start + 2000)!;

        (level.Incident.Kind, level.Incident.Summary, level.Incident.Model).ShouldBe((DetectionKind.Level, "cpu stays up", null));
        (ahead.Incident.Kind, ahead.Incident.Summary).ShouldBe((DetectionKind.Level, "cpu stays up"));
    }

    [Fact]
    public void Symptoms_are_listed_and_who_moved_first_is_named()
    {
        var open = IncidentMachine.Delivered(Observed(null, At(10), Start)!);
        var earlier = At(4) with { Entity = "db-1", Summary = "the disk is slow" };

        var folded = IncidentMachine.Observe(open, Symptoms((earlier, "host.rack=r1, system.disk.io up")), Start + 6_000, Options)!;

        folded.Incident.Entity.ShouldBe("web-1");
        folded.Incident.Entities.ShouldBe(["db-1", "web-1"]);
        folded.Incident.Symptoms.Single().Summary.ShouldBe("the disk is slow");
        folded.Incident.ProbableCause.ShouldBe("db-1 moved first, 6 s before web-1; they share host.rack=r1, system.disk.io up");
        folded.Incident.Summary.ShouldBe("cpu is busy", "the incident keeps its words");
        IncidentMachine.Observe(folded, Symptoms((earlier, "host.rack=r1, system.disk.io up")), Start + 7_000, Options).ShouldBeSameAs(folded);
    }

    [Fact]
    public void What_reaches_three_entities_is_critical()
    {
        var open = IncidentMachine.Delivered(Observed(null, At(0), Start)!);
        var two = IncidentMachine.Observe(open, Symptoms((At(1) with { Entity = "web-2" }, "rack")), Start + 1000, Options)!;
        var three = IncidentMachine.Observe(two, Symptoms((At(2) with { Entity = "web-3" }, "rack")), Start + 2000, Options)!;

        two.Incident.Severity.ShouldBe(IncidentSeverity.Warning);
        three.Incident.Severity.ShouldBe(IncidentSeverity.Critical);
        three.Incident.SymptomCount.ShouldBe(2);
    }

    [Fact]
    public void A_storm_of_thousands_is_one_incident_with_bounded_content()
    {
        IncidentState? state = null;
        for (var batch = 0; batch < 50; batch++)
        {
            var parts = Enumerable.Range(batch * 200, 200)
                .Select(i => (At(0) with { Entity = $"host-{i}", Summary = $"host-{i} is slow" }, "storm")).ToArray();
            state = IncidentMachine.Observe(state, Symptoms(parts) with { Lead = "5700000000000000" }, Start + batch, Options);
            if (batch == 0)
                state!.Incident.Summary.ShouldStartWith("A storm: 200 things at once, first host-0, host-1, ");
        }

        state!.Incident.Storm.ShouldBeTrue();
        state.Incident.Severity.ShouldBe(IncidentSeverity.Critical);
        state.Incident.Symptoms.Count.ShouldBe(IncidentRules.MostListed);
        state.Incident.Entities.Count.ShouldBe(IncidentRules.MostListed);
        (state.Incident.SymptomCount + 1).ShouldBeInRange(9_800, 10_200);
        state.Incident.Summary.ShouldStartWith("A storm: ");
        Kinds(state).ShouldBe([NotificationKind.Opened]);
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(state).Length.ShouldBeLessThan(100_000);
    }

    static IncidentState Resolved() => IncidentMachine.Delivered(IncidentMachine.Elapse(
        IncidentMachine.Delivered(Observed(null, At(0), Start)!), Start + 30_000, Options));

    static IEnumerable<NotificationKind> Kinds(IncidentState state) => state.Pending.Notices.Select(notice => notice.Kind);
}
