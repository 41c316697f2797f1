using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

public sealed class OutboxMachineTests
{
    const string Queue = "queue";
    static readonly LeaseHolder Me = new("here", "1");
    static readonly long Now = Samples.Start + 1000;

    [Fact]
    public void A_channel_that_fails_keeps_no_other_waiting_and_repeats_none()
    {
        var (state, work) = Lease(Enqueue(null, NotificationKind.Opened, 1, "slack", "email"), Now);
        work.Select(one => one.Channel).ShouldBe(["slack", "email"], ignoreOrder: true);

        state = Take(state, "slack", work);
        state = Refuse(state, "email", work);

        Lease(state, Now).Work.ShouldBeEmpty();
        var again = Lease(state, Now + 2_000).Work.ShouldHaveSingleItem();
        again.Channel.ShouldBe("email");
        again.Notification.Id.ShouldBe(work[0].Notification.Id);
    }

    [Fact]
    public void What_was_taken_before_is_not_taken_again()
    {
        var state = Enqueue(null, NotificationKind.Opened, 1, "slack");
        Enqueue(state, NotificationKind.Opened, 1, "slack").ShouldBeSameAs(state);

        var (leased, work) = Lease(state, Now);
        var sent = Take(leased, "slack", work);
        Enqueue(sent, NotificationKind.Opened, 1, "slack").ShouldBeSameAs(sent);
    }

    [Fact]
    public void An_opening_that_has_not_left_leaves_with_the_newest_snapshot_and_swallows_updates()
    {
        var state = Enqueue(null, NotificationKind.Opened, 1, "slack");
        state = Enqueue(state, NotificationKind.Updated, 2, "slack");
        state = Enqueue(state, NotificationKind.Updated, 3, "slack");

        var work = Lease(state, Now).Work.ShouldHaveSingleItem();
        work.Notification.Kind.ShouldBe(NotificationKind.Opened);
        work.Notification.Incident.Revision.ShouldBe(3);
        Take(Lease(state, Now).State, "slack", [work]).Channels["slack"].Pending.ShouldBeEmpty();
    }

    [Fact]
    public void Of_updates_that_wait_the_newest_wins_and_one_that_is_being_sent_is_left_alone()
    {
        var state = Enqueue(null, NotificationKind.Updated, 1, "slack");
        (state, var first) = Lease(state, Now);
        state = Enqueue(state, NotificationKind.Updated, 2, "slack");
        state = Enqueue(state, NotificationKind.Updated, 3, "slack");

        state.Channels["slack"].Pending.Count.ShouldBe(2);
        state = Take(state, "slack", first);
        var next = Lease(state, Now).Work.ShouldHaveSingleItem();
        next.Notification.Id.ShouldBe(Tell(NotificationKind.Updated, 3).Id);
    }

    [Fact]
    public void One_attempt_is_made_at_a_time_until_its_lease_ends()
    {
        var (state, _) = Lease(Enqueue(null, NotificationKind.Opened, 1, "slack"), Now);
        state = Enqueue(state, NotificationKind.Resolved, 2, "slack");
        var other = new LeaseHolder("there", "2");

        OutboxMachine.LeaseDue(state, Queue, other, Now + 59_999, _ => false).Work.ShouldBeEmpty();
        var taken = OutboxMachine.LeaseDue(state, Queue, other, Now + 60_001, _ => false).Work.ShouldHaveSingleItem();
        taken.Notification.Kind.ShouldBe(NotificationKind.Opened);
    }

    [Fact]
    public void Whoever_runs_where_the_holder_ran_knows_that_it_is_dead()
    {
        var (state, work) = Lease(Enqueue(null, NotificationKind.Opened, 1, "slack"), Now);

        var again = OutboxMachine.LeaseDue(state, Queue, new LeaseHolder("here", "2"), Now + 1, _ => false).Work.ShouldHaveSingleItem();
        again.Notification.Id.ShouldBe(work[0].Notification.Id);
    }

    [Fact]
    public void Nobody_leases_what_this_process_is_still_sending()
    {
        var (state, _) = Lease(Enqueue(null, NotificationKind.Opened, 1, "slack"), Now);
        OutboxMachine.LeaseDue(state, Queue, Me, Now + 600_000, _ => true).Work.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_accepted_counts_even_after_its_lease_ran_out()
    {
        var (state, work) = Lease(Enqueue(null, NotificationKind.Opened, 1, "slack"), Now);
        (state, _) = OutboxMachine.LeaseDue(state, Queue, new LeaseHolder("there", "2"), Now + 70_000, _ => false);
        state = OutboxMachine.Settle(state, new DeliveryOutcome("slack", work[0].Notification.Id, "mark", null), Now + 71_000);

        state.Channels["slack"].Pending.ShouldBeEmpty();
        state.Channels["slack"].Mark.ShouldBe("mark");
    }

    [Fact]
    public void A_renewal_is_refused_when_somebody_else_holds_it_or_it_is_done()
    {
        var (state, work) = Lease(Enqueue(null, NotificationKind.Opened, 1, "slack"), Now);
        var id = work[0].Notification.Id;
        var other = new LeaseHolder("there", "2");

        OutboxMachine.Renew(state, Queue, "slack", id, Me, Now + 100_000).Work!.Until.ShouldBe(Now + 160_000);
        OutboxMachine.Renew(state, Queue, "slack", id, other, Now + 1).Work.ShouldBeNull();
        OutboxMachine.Renew(Take(state, "slack", work), Queue, "slack", id, Me, Now + 1).Work.ShouldBeNull();
    }

    [Fact]
    public void The_first_failure_the_success_and_the_end_are_told_and_nothing_between()
    {
        var state = Enqueue(null, NotificationKind.Opened, 1, "email");
        var told = new List<DeliveryStatus>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            (state, var work) = Lease(state, state.Channels["email"].NextTryAt + Now);
            state = Refuse(state, "email", work);
            told.AddRange(Reports(ref state));
        }
        (state, var last) = Lease(state, Now + 600_000);
        state = Take(state, "email", last, Now + 600_000);

        state.Channels["email"].Report!.Attempts.ShouldBe(4);
        told.AddRange(Reports(ref state));
        told.ShouldBe([DeliveryStatus.Retrying, DeliveryStatus.Sent]);
        state.IsBusy.ShouldBeFalse();
    }

    [Fact]
    public void After_a_day_it_is_given_up_and_the_next_goes_on()
    {
        var state = Enqueue(null, NotificationKind.Opened, 1, "email");
        state = Enqueue(state, NotificationKind.Resolved, 2, "email", at: Now + 80_000_000);
        var late = Now + (long)OutboxMachine.GiveUpAfter.TotalMilliseconds;
        (state, var work) = Lease(state, late);
        state = Refuse(state, "email", work, late);

        state.Channels["email"].Report!.Status.ShouldBe(DeliveryStatus.Failed);
        Lease(state, late).Work.ShouldHaveSingleItem().Notification.Kind.ShouldBe(NotificationKind.Resolved);
    }

    [Fact]
    public void The_wait_doubles_up_to_five_minutes_and_is_a_quarter_of_an_hour_where_nothing_is_expected()
    {
        var passing = new Refusal("busy", IsPermanent: false);
        var waits = Enumerable.Range(1, 12).Select(attempt => Backoff.DelayMs("n-1", attempt, passing)).ToList();

        waits[0].ShouldBeInRange(800, 1_200);
        waits[3].ShouldBeInRange(6_400, 9_600);
        waits[^1].ShouldBeInRange(240_000, 360_000);
        Backoff.DelayMs("n-1", 1, new Refusal("gone", IsPermanent: true)).ShouldBeInRange(720_000, 1_080_000);
        Backoff.DelayMs("n-1", 1, passing with { RetryAfterMs = 30_000 }).ShouldBe(30_000);
        Backoff.DelayMs("n-1", 1, passing).ShouldNotBe(Backoff.DelayMs("n-2", 1, passing));
    }

    static Notification Tell(NotificationKind kind, long revision, long? at = null) => Samples.Tell(Samples.Incident(revision: revision), kind, at: at ?? Now);

    static OutboxState Enqueue(OutboxState? state, NotificationKind kind, long revision, params string[] channels) =>
        OutboxMachine.Enqueue(state, Tell(kind, revision), channels);

    static OutboxState Enqueue(OutboxState? state, NotificationKind kind, long revision, string channel, long at) =>
        OutboxMachine.Enqueue(state, Tell(kind, revision, at), [channel]);

    static (OutboxState State, IReadOnlyList<DeliveryWork> Work) Lease(OutboxState state, long now) => OutboxMachine.LeaseDue(state, Queue, Me, now, _ => false);

    static OutboxState Take(OutboxState state, string channel, IReadOnlyList<DeliveryWork> work, long? now = null) =>
        OutboxMachine.Settle(state, new DeliveryOutcome(channel, work.Single(one => one.Channel == channel).Notification.Id, null, null), now ?? Now);

    static OutboxState Refuse(OutboxState state, string channel, IReadOnlyList<DeliveryWork> work, long? now = null) =>
        OutboxMachine.Settle(
            state, new DeliveryOutcome(channel, work.Single(one => one.Channel == channel).Notification.Id, null, new Refusal("busy", IsPermanent: false)), now ?? Now);

    static List<DeliveryStatus> Reports(ref OutboxState state)
    {
        var reports = state.Channels.Values.Select(line => line.Report).OfType<DeliveryState>().ToList();
        foreach (var report in reports)
            state = OutboxMachine.Reported(state, report);
        return [.. reports.Select(report => report.Status)];
    }
}
