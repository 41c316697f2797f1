using CsCheck;
using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

public sealed class IncidentMachineTests
{
    static readonly AlertingOptions Options = new();
    const long Start = 1_800_000_000_000;

    [Fact]
    public void The_first_detection_opens_and_notifies_at_once()
    {
        var state = IncidentMachine.Observe(null, At(0), Start, Options);

        state.Incident.Status.ShouldBe(IncidentStatus.Open);
        state.Incident.Count.ShouldBe(1);
        state.Pending.ShouldBe(new Pending(true, NotificationKind.Opened));
    }

    [Fact]
    public void A_repeat_changes_nothing()
    {
        var state = IncidentMachine.Delivered(IncidentMachine.Observe(null, At(0), Start, Options));

        IncidentMachine.Observe(state, At(0), Start + 5_000, Options).ShouldBeSameAs(state);
    }

    [Fact]
    public void Thirty_detections_are_one_incident_with_one_notification()
    {
        IncidentState? state = null;
        var notified = 0;
        for (var second = 0; second < 30; second++)
        {
            state = IncidentMachine.Observe(state, At(second), Start + second * 1000, Options);
            if (state.Pending.Notify != NotificationKind.None)
                notified++;
            state = IncidentMachine.Delivered(state);
        }

        notified.ShouldBe(1);
        state!.Incident.Count.ShouldBe(30);
    }

    [Fact]
    public void It_resolves_after_the_quiet_time_and_not_before()
    {
        var open = IncidentMachine.Delivered(IncidentMachine.Observe(null, At(0), Start, Options));

        IncidentMachine.Elapse(open, Start + 29_999, Options).ShouldBeSameAs(open);
        var resolved = IncidentMachine.Elapse(open, Start + 30_000, Options);
        resolved.Incident.Status.ShouldBe(IncidentStatus.Resolved);
        resolved.Incident.ResolvedAt.ShouldBe(Start + 30_000);
        resolved.Pending.Notify.ShouldBe(NotificationKind.Resolved);
    }

    [Fact]
    public void It_continues_when_it_comes_back_soon_and_opens_anew_when_it_comes_back_late()
    {
        var resolved = Resolved();

        var soon = IncidentMachine.Observe(resolved, At(60), Start + 60_000, Options);
        soon.Incident.Id.ShouldBe(resolved.Incident.Id);
        soon.Incident.Status.ShouldBe(IncidentStatus.Open);
        soon.Pending.Notify.ShouldBe(NotificationKind.None);

        var late = IncidentMachine.Observe(resolved, At(600), Start + 600_000, Options);
        late.Incident.Id.ShouldNotBe(resolved.Incident.Id);
        late.Pending.Notify.ShouldBe(NotificationKind.Opened);
    }

    [Fact]
    public void A_redelivery_from_before_the_end_does_not_reopen()
    {
        var resolved = Resolved();

        IncidentMachine.Observe(resolved, At(0), Start + 31_000, Options).ShouldBeSameAs(resolved);
    }

    [Fact]
    public void Where_ticks_are_minutes_apart_it_waits_for_the_next_ones()
    {
        var open = IncidentMachine.Delivered(IncidentMachine.Observe(null, At(0) with { StepMs = 300_000 }, Start, Options));
        IncidentMachine.Elapse(open, Start + 749_000, Options).ShouldBeSameAs(open);
        IncidentMachine.Elapse(open, Start + 750_000, Options).Incident.Status.ShouldBe(IncidentStatus.Resolved);
    }

    [Fact]
    public void What_only_goes_on_continues_an_incident_and_opens_none()
    {
        var ongoing = At(10) with { Ongoing = true };
        IncidentMachine.Concerns(null, ongoing).ShouldBeFalse();
        IncidentMachine.Concerns(null, At(0)).ShouldBeTrue();
        var open = IncidentMachine.Delivered(IncidentMachine.Observe(null, At(0), Start, Options));
        IncidentMachine.Concerns(open, ongoing).ShouldBeTrue();
        var kept = IncidentMachine.Observe(open, ongoing, Start + 29_000, Options);
        IncidentMachine.Elapse(kept, Start + 31_000, Options).Incident.Status.ShouldBe(IncidentStatus.Open);
        var resolved = IncidentMachine.Elapse(open, Start + 31_000, Options);
        IncidentMachine.Concerns(resolved, ongoing).ShouldBeFalse();
        IncidentMachine.Concerns(resolved, At(40)).ShouldBeTrue();
    }

    [Fact]
    public void Acknowledging_works_once_and_not_after_the_end()
    {
        var open = IncidentMachine.Delivered(IncidentMachine.Observe(null, At(0), Start, Options));
        var taken = IncidentMachine.Acknowledge(open, Start + 1);

        taken.Incident.Status.ShouldBe(IncidentStatus.Acknowledged);
        IncidentMachine.Acknowledge(taken, Start + 2).ShouldBeSameAs(taken);
        var resolved = Resolved();
        IncidentMachine.Acknowledge(resolved, Start + 40_000).ShouldBeSameAs(resolved);
    }

    [Fact]
    public void An_opening_that_has_not_left_yet_is_still_told_after_an_update()
    {
        var open = IncidentMachine.Observe(null, At(0), Start, Options);

        var updated = IncidentMachine.Acknowledge(open, Start + 1);

        updated.Pending.Notify.ShouldBe(NotificationKind.Opened);
    }

    [Fact]
    public void It_keeps_the_row_of_its_worst_moment_with_the_model_that_scored_it()
    {
        var opened = IncidentMachine.Observe(null, At(0) with { Features = [1, 2], Model = "a" }, Start, Options);
        var worse = IncidentMachine.Observe(opened, At(1) with { Score = 0.9, Features = [3, 4], Model = "b" }, Start + 1000, Options);
        var milder = IncidentMachine.Observe(worse, At(2) with { Score = 0.7, Features = [5, 6], Model = "c" }, Start + 2000, Options);

        opened.Incident.Features.ShouldBe([1, 2]);
        milder.Incident.Features.ShouldBe([3, 4]);
        milder.Incident.Model.ShouldBe("b");
    }

    [Fact]
    public void It_is_told_in_the_words_of_its_worst_moment_and_those_of_a_forecast_stay_apart()
    {
        var spike = IncidentMachine.Observe(null, At(0) with { Kind = DetectionKind.Spike, Summary = "cpu jumps", Model = "a" }, Start, Options);
        var level = IncidentMachine.Observe(spike, At(1) with { Kind = DetectionKind.Level, Score = 0.9, Summary = "cpu stays up", Model = null }, Start + 1000, Options);
        var ahead = IncidentMachine.Observe(level, At(2) with { Kind = DetectionKind.PredictedBreach, Score = 0.99, Summary = "disk fills up" }, Start + 2000, Options);

        (level.Incident.Kind, level.Incident.Summary, level.Incident.Model).ShouldBe((DetectionKind.Level, "cpu stays up", null));
        (ahead.Incident.Kind, ahead.Incident.Summary).ShouldBe((DetectionKind.Level, "cpu stays up"));
    }

    [Fact]
    public void Whatever_happens_revisions_grow_severity_holds_and_nothing_is_told_without_an_opening()
    {
        var step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], Gen.Double[0, 1]);
        step.List[1, 200].Sample(steps =>
        {
            IncidentState? state = null;
            var now = Start;
            var toldOpen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (action, seconds, score) in steps)
            {
                now += seconds * 1000;
                var before = state;
                state = action switch
                {
                    0 or 1 => IncidentMachine.Observe(state, At((now - Start) / 1000) with { Score = score, P = 1 - score }, now, Options),
                    2 when state is not null => IncidentMachine.Elapse(state, now, Options),
                    3 when state is not null => IncidentMachine.Acknowledge(state, now),
                    _ => state,
                };
                if (state is null)
                    continue;
                if (before is not null && before.Incident.Id == state.Incident.Id)
                {
                    state.Incident.Revision.ShouldBeGreaterThanOrEqualTo(before.Incident.Revision);
                    ((int)state.Incident.Severity).ShouldBeGreaterThanOrEqualTo((int)before.Incident.Severity);
                    state.Incident.Count.ShouldBeGreaterThanOrEqualTo(before.Incident.Count);
                }
                if (state.Pending.Notify == NotificationKind.Opened)
                    toldOpen.Add(state.Incident.Id).ShouldBeTrue("an incident is opened once");
                if (state.Pending.Notify == NotificationKind.Resolved)
                    toldOpen.ShouldContain(state.Incident.Id);
                (state.Incident.Status == IncidentStatus.Resolved).ShouldBe(state.Incident.ResolvedAt is not null);
                state = IncidentMachine.Delivered(state);
            }
        });
    }

    static IncidentState Resolved() => IncidentMachine.Delivered(IncidentMachine.Elapse(
        IncidentMachine.Delivered(IncidentMachine.Observe(null, At(0), Start, Options)), Start + 30_000, Options));

    internal static Detection At(long second) => new()
    {
        Id = Detection.IdOf("web-1", DetectionKind.Joint, "behaviour", 1000, Start + second * 1000),
        Entity = "web-1",
        Kind = DetectionKind.Joint,
        Cause = "behaviour",
        T = Start + second * 1000,
        Since = Start + second * 1000,
        CadenceMs = 1000,
        Score = 0.8,
        P = 1e-5,
        Summary = "cpu is busy",
    };
}
