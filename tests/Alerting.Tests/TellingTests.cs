using CsCheck;
using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using static Forewarn.Alerting.Tests.Incident;

namespace Forewarn.Alerting.Tests;

public sealed class TellingTests
{
    static readonly RoutingPlan Plan = new(["all"], ["team"], [new(TimeSpan.FromMinutes(5), ["lead"]), new(TimeSpan.FromMinutes(15), ["boss"])]);

    static readonly SilenceInfo Silence = new()
    {
        Id = "s-1",
        Kind = SilenceKind.Silence,
        Match = new AlertMatch(),
        From = Start,
        To = Start + 3_600_000,
        Reason = "moving racks",
        Who = "anna",
        At = Start,
    };

    [Fact]
    public void Made_again_it_has_the_same_id()
    {
        var state = Observed(null, At(0), Start)!;

        var (first, again) = (Telling.Expand(state, Plan, null, Start).Notifications, Telling.Expand(state, Plan, null, Start + 9_000).Notifications);
        first.Select(one => one.Id).ShouldBe(again.Select(one => one.Id));
        first.Single().ShouldSatisfyAllConditions(one => one.Receiver.ShouldBe("team"), one => one.Kind.ShouldBe(NotificationKind.Opened));
    }

    [Fact]
    public void Nobody_acknowledges_and_it_climbs_the_ladder_once()
    {
        var run = new Run(Plan);
        run.Observe(0);
        for (var second = 1; second <= 1200; second++)
        {
            run.Observe(second);
            run.Elapse(second);
        }

        run.Told.Where(told => told.Kind is NotificationKind.Opened or NotificationKind.Escalated).Select(told => (told.Receiver, told.Kind))
            .ShouldBe([("team", NotificationKind.Opened), ("lead", NotificationKind.Escalated), ("boss", NotificationKind.Escalated)]);
    }

    [Fact]
    public void What_a_silence_kept_back_is_told_when_the_silence_ends_and_it_goes_on()
    {
        var run = new Run(Plan) { MutedBy = Silence };
        run.Observe(0);
        run.Observe(20);
        run.Told.ShouldBeEmpty();
        run.State!.Incident.MutedBy.ShouldBe("s-1");
        run.State.Incident.Timeline.ShouldContain(line => line.What == TimelineKind.Muted && line.Who == "anna");

        run.MutedBy = null;
        run.Elapse(25);
        run.Told.Single().Kind.ShouldBe(NotificationKind.Opened);
        run.State.Incident.MutedBy.ShouldBeNull();
    }

    [Fact]
    public void What_nobody_was_told_of_ends_without_a_word()
    {
        var run = new Run(Plan) { MutedBy = Silence };
        run.Observe(0);
        run.Elapse(31);

        run.State!.Incident.Status.ShouldBe(IncidentStatus.Resolved);
        run.Told.ShouldBeEmpty();
    }

    [Fact]
    public void Who_comes_in_with_a_higher_severity_hears_of_it_as_new()
    {
        var run = new Run(Plan);
        run.Observe(0);
        run.Plan = Plan with { Receivers = ["team", "on-call"] };
        run.Observe(1, p: 1e-9);

        run.Told.Skip(1).Select(told => (told.Receiver, told.Kind)).ShouldBe([("on-call", NotificationKind.Opened), ("team", NotificationKind.Worsened)]);
    }

    [Fact]
    public void After_a_snooze_it_is_told_again_if_it_is_still_open()
    {
        var run = new Run(Plan with { Escalation = [] });
        run.Observe(0);
        run.Act(IncidentActionKind.Snooze, 1, until: 60);
        for (var second = 2; second <= 59; second++)
        {
            run.Observe(second, p: 1e-9);
            run.Elapse(second);
        }
        run.Told.Where(told => told.Kind is not NotificationKind.Updated).Select(told => told.Kind).ShouldBe([NotificationKind.Opened]);
        run.Elapse(60);
        run.Told[^1].Kind.ShouldBe(NotificationKind.Escalated);
    }

    [Fact]
    public void Whatever_happens_people_are_told_in_an_order_they_can_follow()
    {
        var step = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 400], Gen.Double[0, 1]);
        step.List[1, 120].Sample(steps =>
        {
            var run = new Run(Plan);
            var second = 0;
            foreach (var (action, seconds, chance) in steps)
            {
                second += action < 6 ? seconds % 20 : seconds;
                run.MutedBy = action == 8 ? Silence : action == 9 ? null : run.MutedBy;
                Do(run, action, second, chance);
                run.Check();
            }
        }, iter: 500);
    }

    static void Do(Run run, int action, int second, double chance)
    {
        switch (action)
        {
            case <= 3:
                run.Observe(second, p: Math.Pow(10, -10 * chance));
                break;
            case 4:
                run.Elapse(second);
                break;
            case 5:
                run.Act(chance < 0.5 ? IncidentActionKind.Acknowledge : IncidentActionKind.Comment, second);
                break;
            case 6:
                run.Act(chance < 0.5 ? IncidentActionKind.Resolve : IncidentActionKind.Snooze, second, second + 60);
                break;
            default:
                run.Elapse(second);
                break;
        }
    }

    /// <summary>An incident's actor without an actor: what would leave is collected.</summary>
    sealed class Run(RoutingPlan plan)
    {
        readonly List<long> _revisions = [];

        public RoutingPlan Plan { get; set; } = plan;
        public SilenceInfo? MutedBy { get; set; }
        public IncidentState? State { get; private set; }
        public List<Notification> Told { get; } = [];

        public void Observe(int second, double p = 1e-5) =>
            Take(IncidentMachine.Observe(State, Fold(At(second) with { P = p }), Start + (second * 1000L), Options), second);

        public void Elapse(int second)
        {
            if (State is null)
                return;
            var elapsed = IncidentMachine.Elapse(State, Start + (second * 1000L), Options);
            Take(Telling.Unmute(elapsed, MutedBy, Start + (second * 1000L)), second);
        }

        public void Act(IncidentActionKind kind, int second, int until = 0)
        {
            var action = new IncidentAction(kind, null, "anna", "a word", until == 0 ? null : Start + (until * 1000L));
            if (IncidentActions.WhyNot(State, action) is null)
                Take(IncidentActions.Apply(State!, action, Start + (second * 1000L)), second);
        }

        public void Check()
        {
            foreach (var byIncident in Told.GroupBy(told => (told.Incident.Id, told.Receiver)))
            {
                var isOpen = false;
                foreach (var told in byIncident)
                {
                    // To whoever it is escalated that is the opening.
                    isOpen |= told.Kind is NotificationKind.Opened or NotificationKind.Escalated;
                    (isOpen || told.Kind == NotificationKind.Updated).ShouldBeTrue($"{told.Kind} needs an opening before it");
                    isOpen &= told.Kind != NotificationKind.Resolved;
                }
            }
            Told.Where(told => told.Kind == NotificationKind.Escalated).ShouldAllBe(told => told.Incident.Status == IncidentStatus.Open, "who has acknowledged is not passed over");
            Told.Select(told => told.Id).Distinct().Count().ShouldBe(Told.Count, "no notification is made twice");
            _revisions.ShouldBeInOrder(SortDirection.Ascending);
        }

        void Take(IncidentState? after, int second)
        {
            if (after is null || ReferenceEquals(after, State))
                return;
            if (State is null || State.Incident.Id != after.Incident.Id)
                _revisions.Clear();
            // As the actor does: through its JSON, and again if the process had died before it was marked as left.
            var stored = System.Text.Json.JsonSerializer.Deserialize<IncidentState>(System.Text.Json.JsonSerializer.Serialize(after))!;
            var (expanded, notifications) = Telling.Expand(stored, Plan, MutedBy, Start + (second * 1000L));
            Telling.Expand(after, Plan, MutedBy, Start + (second * 1000L)).Notifications.Select(one => one.Id).ShouldBe(notifications.Select(one => one.Id));
            Told.AddRange(notifications);
            _revisions.Add(expanded.Incident.Revision);
            State = IncidentMachine.Delivered(expanded);
        }
    }
}
