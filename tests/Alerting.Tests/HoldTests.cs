using CsCheck;
using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;
using static Forewarn.Alerting.Tests.Incident;

namespace Forewarn.Alerting.Tests;

/// <summary>What a sender vouches for stays open until it says otherwise, or until its word runs out.</summary>
public sealed class HoldTests
{
    const long Hour = 3_600_000;

    [Fact]
    public void An_alert_that_is_repeated_by_the_hour_is_one_incident_that_is_told_once()
    {
        IncidentState? state = null;
        var told = new List<NotificationKind>();
        for (var hour = 0L; hour <= 12; hour += 4)
        {
            state = Take(state, Alert(hour * 3600, holdSeconds: 24 * 3600), hour * Hour, told)!;
            for (var minute = 1; minute < 240; minute++)
                state = Elapsed(state, (hour * Hour) + (minute * 60_000), told);
        }

        state!.Incident.Status.ShouldBe(IncidentStatus.Open);
        (state.Incident.Kind, state.Incident.Count, state.Incident.Severity).ShouldBe((DetectionKind.External, 4, IncidentSeverity.Critical));
        told.Distinct().ShouldBe([NotificationKind.Opened, NotificationKind.Updated]);
        told.Count(kind => kind == NotificationKind.Opened).ShouldBe(1);
    }

    [Fact]
    public void Its_end_is_believed_after_the_quiet_time_in_which_it_may_come_back()
    {
        var open = Take(null, Alert(0, holdSeconds: 240), 0)!;
        var over = Take(open, Over(60), 60_000)!;

        over.Incident.Status.ShouldBe(IncidentStatus.Open);
        Elapsed(over, 89_999).ShouldBeSameAs(over);
        var ended = Elapsed(over, 90_000);
        (ended.Incident.Status, ended.Incident.Timeline[^1].Text).ShouldBe((IncidentStatus.Resolved, "its sender says that it is over"));

        var back = Take(over, Alert(70, since: 70, holdSeconds: 240), 70_000)!;
        Elapsed(back, 200_000).Incident.Status.ShouldBe(IncidentStatus.Open);
    }

    [Fact]
    public void An_end_that_is_told_again_and_again_changes_nothing_and_opens_nothing()
    {
        var over = Take(Take(null, Alert(0, holdSeconds: 240), 0), Over(60), 60_000)!;
        Take(over, Over(61), 61_000).ShouldBeSameAs(over);
        Take(over, Over(60), 62_000).ShouldBeSameAs(over);

        var ended = Elapsed(over, 100_000);
        Take(ended, Over(110), 110_000).ShouldBeSameAs(ended);
        Take(ended, Over(1000), 1_000_000).ShouldBeNull("another would begin, and an end begins nothing");
        Take(null, Over(0), 0).ShouldBeNull();
    }

    [Fact]
    public void A_sender_that_falls_silent_is_believed_until_its_word_runs_out()
    {
        var open = Take(null, Alert(0, holdSeconds: 240), 0)!;

        Elapsed(open, 239_999).ShouldBeSameAs(open);
        var ended = Elapsed(open, 240_000);
        (ended.Incident.Status, ended.Incident.Timeline[^1].Text).ShouldBe((IncidentStatus.Resolved, "its sender has not repeated it"));
    }

    [Fact]
    public void A_sender_that_was_away_continues_the_incident_and_no_id_is_given_twice()
    {
        var ended = Elapsed(Take(null, Alert(0, holdSeconds: 240), 0)!, 240_000);

        var back = Take(ended, Alert(3600, since: 0, holdSeconds: 240), Hour)!;
        (back.Incident.Id, back.Incident.Status, back.Incident.Reopened).ShouldBe((ended.Incident.Id, IncidentStatus.Open, 1));
        back.Incident.Revision.ShouldBeGreaterThan(ended.Incident.Revision);

        var another = Take(ended, Alert(3600, since: 3500, holdSeconds: 240), Hour)!;
        another.Incident.Id.ShouldNotBe(ended.Incident.Id);
    }

    [Fact]
    public void What_a_person_has_closed_stays_closed_while_its_sender_goes_on_and_opens_when_it_happens_again()
    {
        var open = Take(null, Alert(0, holdSeconds: 240), 0)!;
        var closed = IncidentMachine.Delivered(IncidentActions.Apply(open, new(IncidentActionKind.Resolve, null, "Ada", null, null), Start + 10_000));

        for (var second = 60L; second < 7200; second += 60)
            (Take(closed, Alert(second, since: 0, holdSeconds: 240), second * 1000) ?? closed).ShouldBeSameAs(closed);
        var again = Take(closed, Alert(7200, since: 7190, holdSeconds: 240), 7_200_000)!;
        again.Incident.Status.ShouldBe(IncidentStatus.Open);
        again.Incident.Id.ShouldNotBe(closed.Incident.Id);
    }

    [Fact]
    public void What_a_person_has_closed_does_not_hide_what_comes_with_it()
    {
        var alert = Alert(0, holdSeconds: 240) with { Cause = "alert:Down" };
        var both = IncidentMachine.Observe(Take(null, At(0), 0), Symptoms((alert, "same entity")), Start + 1_000, Options)!;
        var closed = IncidentMachine.Delivered(IncidentActions.Apply(both, new(IncidentActionKind.Resolve, null, "Ada", null, null), Start + 10_000));
        var again = Symptoms((Alert(7200, holdSeconds: 240) with { Cause = "alert:Down" }, "same entity"));

        IncidentMachine.Observe(closed, again, Start + 7_200_000, Options).ShouldBeNull("nothing new");
        var opened = IncidentMachine.Observe(closed, again with { Parts = [.. Fold(At(7200)).Parts, .. again.Parts] }, Start + 7_200_000, Options)!;
        (opened.Incident.Status, opened.Incident.Kind).ShouldBe((IncidentStatus.Open, DetectionKind.Joint));
    }

    [Fact]
    public void What_we_found_ourselves_is_waited_for_as_ever_and_both_must_be_over()
    {
        var alert = Alert(5, holdSeconds: 240) with { Cause = "alert:Down" };
        var both = IncidentMachine.Observe(Take(null, At(0), 0), Symptoms((alert, "same entity")), Start + 5_000, Options)!;

        Elapsed(both, 200_000).Incident.Status.ShouldBe(IncidentStatus.Open, "the alert holds");
        var over = IncidentMachine.Observe(both, Symptoms((alert with { Id = "over", T = alert.T + 1000, HoldsUntil = alert.T + 1000 }, "same entity")), Start + 6_000, Options)!;
        Elapsed(over, 35_999).Incident.Status.ShouldBe(IncidentStatus.Open);
        Elapsed(over, 36_000).Incident.Status.ShouldBe(IncidentStatus.Resolved);
        (over.Incident.Count, over.Incident.SymptomCount, over.Incident.Kind).ShouldBe((2, 1, DetectionKind.Joint));
    }

    [Fact]
    public void Of_more_alerts_than_can_be_known_one_by_one_those_that_end_last_hold_it()
    {
        var state = Take(null, Alert(0, holdSeconds: 60), 0)!;
        for (var i = 1; i <= 3 * Holds.Most; i++)
        {
            var alert = Alert(1, holdSeconds: 60 + i) with { Cause = $"alert:Down:{i}" };
            state = IncidentMachine.Observe(state, Symptoms((alert, "storm")), Start + 1000, Options)!;
        }

        state.Holds.Count.ShouldBe(Holds.Most);
        Elapsed(state, (60 + (3 * Holds.Most) - 1) * 1000).Incident.Status.ShouldBe(IncidentStatus.Open);
        Elapsed(state, (62 + (3 * Holds.Most)) * 1000).Incident.Status.ShouldBe(IncidentStatus.Resolved);
    }

    /// <summary>What happens to an incident of two alerts and of what we find ourselves.</summary>
    enum Step
    {
        FireA,
        FireB,
        EndA,
        EndB,
        Own,
        Wait,
        WaitLong,
    }

    [Fact]
    public void Whatever_comes_in_whatever_order_it_is_open_while_somebody_vouches_and_over_when_nobody_does() => Gen.Enum<Step>().Array[1, 60].Sample(steps =>
    {
        const int hold = 240_000;
        var (now, lastWord) = (0L, 0L);
        var held = new Dictionary<string, long>(StringComparer.Ordinal) { ["a"] = 0, ["b"] = 0 };
        var ids = new HashSet<(string, long)>();
        IncidentState? state = null;
        foreach (var step in steps)
        {
            now += step switch { Step.Wait => 20_000, Step.WaitLong => 700_000, _ => 1_000 };
            if (state is not null)
                state = Elapsed(state, now);
            var (name, isOver) = step switch { Step.FireA => ("a", false), Step.FireB => ("b", false), Step.EndA => ("a", true), Step.EndB => ("b", true), _ => ("", false) };
            if (name.Length > 0)
            {
                if (isOver && held[name] > now)
                    lastWord = now;
                held[name] = isOver ? 0 : now + hold;
                var alert = Alert(now / 1000, since: now / 1000, holdSeconds: isOver ? 0 : hold / 1000) with { Cause = $"alert:{name}" };
                state = IncidentMachine.Observe(state, Symptoms((alert, "same entity")), Start + now, Options) is { } next ? Leave(next, told: null) : state;
            }
            else if (step == Step.Own)
            {
                state = Leave(Observed(state, At(now / 1000), Start + now)!, told: null);
            }
            if ((name.Length > 0 && !isOver) || step == Step.Own)
                lastWord = now;
            if (state is null)
                continue;
            var isOpen = Elapsed(state, now).Incident.Status != IncidentStatus.Resolved;
            if (held.Values.Any(until => until > now))
                isOpen.ShouldBeTrue("somebody vouches for it");
            else if (now - lastWord > 600_000)
                isOpen.ShouldBeFalse("longer than the longest quiet time nobody has said anything");
            ids.Add((state.Incident.Id, state.Incident.OpenedAt));
        }
        ids.Select(id => id.Item1).ShouldBeUnique("an id is given once");
    }, iter: 2_000, seed: "0N0XIzNsQ0O2");

    /// <summary>Of the incident's own fingerprint.</summary>
    static Detection Alert(long second, long since = 0, long holdSeconds = 0) => At(second) with
    {
        Id = $"alert-{second}-{holdSeconds}",
        Kind = DetectionKind.External,
        Since = Start + (since * 1000),
        HoldsUntil = Start + ((second + holdSeconds) * 1000),
        Severity = IncidentSeverity.Critical,
        Score = 0,
        P = null,
        Summary = "web-1 is down",
    };

    static Detection Over(long second) => Alert(second);

    static IncidentState? Take(IncidentState? state, Detection detection, long at, List<NotificationKind>? told = null)
    {
        var next = Observed(state, detection, Start + at);
        return next is null || ReferenceEquals(next, state) ? next : Leave(next, told);
    }

    static IncidentState Elapsed(IncidentState state, long at, List<NotificationKind>? told = null)
    {
        var next = IncidentMachine.Elapse(state, Start + at, Options);
        return ReferenceEquals(next, state) ? next : Leave(next, told);
    }

    static IncidentState Leave(IncidentState state, List<NotificationKind>? told)
    {
        told?.AddRange(state.Pending.Notices.Select(notice => notice.Kind));
        return IncidentMachine.Delivered(state);
    }
}
