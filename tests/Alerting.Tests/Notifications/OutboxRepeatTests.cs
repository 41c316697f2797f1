using CsCheck;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

/// <summary>A channel that forgets hears again what it was told, for as long as the incident goes on and no longer.</summary>
public sealed class OutboxRepeatTests
{
    const string Forgets = "alertmanager";
    const string Remembers = "email";
    static readonly LeaseHolder Me = new("here", "1");
    static readonly TimeSpan Period = TimeSpan.FromSeconds(45);

    [Fact]
    public void It_is_repeated_when_it_is_due_with_the_newest_snapshot_and_nobody_is_told_that_it_was()
    {
        var state = Send(Enqueue(null, NotificationKind.Opened, 1), Samples.Start);
        state = OutboxMachine.Enqueue(state, Samples.Tell(Samples.Incident(revision: 2) with { Summary = "newer" }, NotificationKind.Updated), []);
        state = Reported(state);

        OutboxMachine.Repeat(state, PeriodOf, Samples.Start + 44_999).ShouldBeSameAs(state);
        var (leased, work) = Lease(OutboxMachine.Repeat(state, PeriodOf, Samples.Start + 45_000), Samples.Start + 45_000);
        var one = work.ShouldHaveSingleItem();
        (one.Channel, one.Notification.Kind, one.Notification.Incident.Summary).ShouldBe((Forgets, NotificationKind.Updated, "newer"));
        (leased.IsBusy, leased.OnlyRepeats).ShouldBe((true, true));

        var settled = OutboxMachine.Settle(leased, new DeliveryOutcome(Forgets, one.Notification.Id, null, Refusal: null), Samples.Start + 46_000);
        (settled.IsBusy, settled.Channels[Forgets].Report, settled.Channels[Forgets].SentAt).ShouldBe((false, null, Samples.Start + 46_000));
        OutboxMachine.WillRepeat(settled, PeriodOf).ShouldBeTrue();
    }

    [Fact]
    public void A_repeat_that_fails_is_news_and_so_is_that_it_works_again()
    {
        var state = Reported(Send(Enqueue(null, NotificationKind.Opened, 1), Samples.Start));
        (state, var work) = Lease(OutboxMachine.Repeat(state, PeriodOf, Samples.Start + 60_000), Samples.Start + 60_000);
        state = OutboxMachine.Settle(state, new DeliveryOutcome(Forgets, work[0].Notification.Id, null, new Refusal("down", IsPermanent: false)), Samples.Start + 61_000);
        state.Channels[Forgets].Report!.Status.ShouldBe(DeliveryStatus.Retrying);

        OutboxMachine.Repeat(state, PeriodOf, Samples.Start + 200_000).ShouldBeSameAs(state, "one is enough");
        (state, work) = Lease(Reported(state), Samples.Start + 200_000);
        state = OutboxMachine.Settle(state, new DeliveryOutcome(Forgets, work[0].Notification.Id, null, Refusal: null), Samples.Start + 201_000);
        state.Channels[Forgets].Report!.Status.ShouldBe(DeliveryStatus.Sent);
    }

    [Fact]
    public void What_was_given_up_after_a_day_is_told_when_the_channel_is_back_as_the_incident_goes_on()
    {
        var (state, work) = Lease(Enqueue(null, NotificationKind.Opened, 1), Samples.Start);
        var late = Samples.Start + (long)OutboxMachine.GiveUpAfter.TotalMilliseconds + 60_000;
        state = OutboxMachine.Settle(state, new DeliveryOutcome(Forgets, work.Single(one => one.Channel == Forgets).Notification.Id, null, new Refusal("down", IsPermanent: false)), late);
        (state.Channels[Forgets].Pending.Count, state.Channels[Forgets].Report!.Status).ShouldBe((0, DeliveryStatus.Failed));

        Lease(OutboxMachine.Repeat(state, PeriodOf, late), late).Work.Select(one => one.Channel).ShouldContain(Forgets);
    }

    [Fact]
    public void What_is_over_what_has_not_left_yet_what_has_no_incident_and_what_is_not_configured_any_more_is_not_repeated()
    {
        var late = Samples.Start + 3_600_000;
        var opened = Enqueue(null, NotificationKind.Opened, 1);
        OutboxMachine.Repeat(opened, PeriodOf, late).ShouldBeSameAs(opened, "it has not left yet");

        var sent = Send(opened, Samples.Start);
        OutboxMachine.Repeat(sent, _ => null, late).ShouldBeSameAs(sent);
        OutboxMachine.WillRepeat(sent, _ => null).ShouldBeFalse();

        var resolved = Send(
            OutboxMachine.Enqueue(sent, Samples.Tell(Samples.Incident(revision: 3) with { Status = IncidentStatus.Resolved }, NotificationKind.Resolved), [Forgets, Remembers]), Samples.Start + 1000);
        OutboxMachine.Repeat(resolved, PeriodOf, late).ShouldBeSameAs(resolved);
        OutboxMachine.WillRepeat(resolved, PeriodOf).ShouldBeFalse();

        var test = Send(OutboxMachine.Enqueue(null, Samples.Tell(Samples.Incident() with { Id = "test-1" }), [Forgets]), Samples.Start);
        OutboxMachine.Repeat(test, PeriodOf, late).ShouldBeSameAs(test);
    }

    [Fact]
    public void While_it_goes_on_no_two_words_are_further_apart_than_the_look_of_the_queue_allows() => Gen.Int[0, 59_000].Array[1, 40].Sample(delays =>
    {
        var state = Send(Enqueue(null, NotificationKind.Opened, 1), Samples.Start);
        var (last, ids) = (Samples.Start, new List<string>());
        for (var look = 0; look < delays.Length; look++)
        {
            // The queue looks every minute; what it finds is sent within the minute.
            var now = Samples.Start + ((look + 1) * 60_000L);
            (state, var work) = Lease(OutboxMachine.Repeat(state, PeriodOf, now), now);
            foreach (var one in work)
            {
                var sent = now + delays[look];
                (sent - last).ShouldBeLessThan(180_000, "an alert ends five minutes after it was last told");
                last = sent;
                ids.Add(one.Notification.Id);
                state = OutboxMachine.Settle(state, new DeliveryOutcome(one.Channel, one.Notification.Id, null, Refusal: null), sent);
            }
        }
        ids.ShouldBeUnique();
        ids.Count.ShouldBeGreaterThanOrEqualTo(delays.Length / 2);
    }, iter: 1_000, seed: "0N0XIzNsQ0O2");

    static TimeSpan? PeriodOf(string channel) => channel == Forgets ? Period : null;

    static OutboxState Enqueue(OutboxState? state, NotificationKind kind, long revision) =>
        OutboxMachine.Enqueue(state, Samples.Tell(Samples.Incident(revision: revision), kind), [Forgets, Remembers]);

    static (OutboxState State, IReadOnlyList<DeliveryWork> Work) Lease(OutboxState state, long now) => OutboxMachine.LeaseDue(state, "queue", Me, now, _ => false);

    static OutboxState Send(OutboxState state, long now)
    {
        (state, var work) = Lease(state, now);
        return work.Aggregate(state, (sent, one) => OutboxMachine.Settle(sent, new DeliveryOutcome(one.Channel, one.Notification.Id, null, Refusal: null), now));
    }

    static OutboxState Reported(OutboxState state) =>
        state.Channels.Values.Select(line => line.Report).OfType<DeliveryState>().Aggregate(state, OutboxMachine.Reported);
}
