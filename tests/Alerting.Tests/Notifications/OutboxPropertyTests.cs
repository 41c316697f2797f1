using CsCheck;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

/// <summary>Whatever happens to a queue, in whatever order: nothing is lost, nothing is overtaken, and only a crash makes something come twice.</summary>
public sealed class OutboxPropertyTests
{
    enum Step
    {
        Open,
        Update,
        Worsen,
        Resolve,
        RepeatOldest,
        Lease,
        Accept,
        Refuse,
        Crash,
        AcceptAndCrash,
        Wait,
    }

    static readonly Gen<Step[]> Steps = Gen.Enum<Step>().Array[0, 60];

    [Fact]
    public void Everything_arrives_in_order_and_only_a_crash_repeats() => Steps.Sample(steps =>
    {
        var run = new Run();
        foreach (var step in steps)
            run.Do(step);
        run.Finish();

        foreach (var channel in Run.Channels)
        {
            var accepted = run.Accepted(channel);
            var distinct = accepted.Distinct().ToList();
            distinct.ShouldBe(run.Enqueued.Where(distinct.Contains).ToList(), "order holds");
            run.Enqueued.Except(distinct).ShouldBeSubsetOf(run.Updates, "only updates may be folded into others");
            (accepted.Count - distinct.Count).ShouldBeLessThanOrEqualTo(run.CrashesAfterAcceptance(channel), "only a crash between acceptance and commit repeats");
        }
    }, iter: 2_000, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Two_attempts_at_one_queue_never_overlap() => Steps.Sample(steps =>
    {
        var run = new Run();
        foreach (var step in steps)
        {
            run.Do(step);
            foreach (var channel in Run.Channels)
                run.UnderWay(channel).ShouldBeLessThanOrEqualTo(1);
        }
    }, iter: 1_000, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Whatever_leaves_last_leaves_with_the_newest_snapshot() => Steps.Sample(steps =>
    {
        var run = new Run();
        foreach (var step in steps)
            run.Do(step);
        run.Finish();
        foreach (var channel in Run.Channels)
        {
            if (run.LastRevision(channel) is { } last)
                last.ShouldBe(run.Revision);
        }
    }, iter: 1_000, seed: "0N0XIzNsQ0O2");

    /// <summary>A queue with two channels, and what came out of them. Channel "a" follows the steps; "b" always accepts at once.</summary>
    sealed class Run
    {
        public static readonly string[] Channels = ["a", "b"];

        readonly List<Notification> _notifications = [];
        readonly List<(string Channel, string Id, long Revision)> _accepted = [];
        readonly Dictionary<string, int> _crashes = new(StringComparer.Ordinal);
        List<DeliveryWork> _underWay = [];
        OutboxState? _state;
        long _now = Samples.Start;
        int _process;

        public long Revision { get; private set; }
        public List<string> Enqueued => [.. _notifications.Select(one => one.Id)];
        public IEnumerable<string> Updates => _notifications.Where(one => one.Kind == NotificationKind.Updated).Select(one => one.Id);

        public List<string> Accepted(string channel) => [.. _accepted.Where(one => one.Channel == channel).Select(one => one.Id)];

        public long? LastRevision(string channel) => _accepted.LastOrDefault(one => one.Channel == channel) is { Id: not null } last ? last.Revision : null;

        public int UnderWay(string channel) => _underWay.Count(work => work.Channel == channel);

        public int CrashesAfterAcceptance(string channel) => _crashes.GetValueOrDefault(channel);

        public void Do(Step step)
        {
            switch (step)
            {
                case Step.Open:
                    Enqueue(NotificationKind.Opened);
                    break;
                case Step.Update:
                    Enqueue(NotificationKind.Updated);
                    break;
                case Step.Worsen:
                    Enqueue(NotificationKind.Worsened);
                    break;
                case Step.Resolve:
                    Enqueue(NotificationKind.Resolved);
                    break;
                case Step.RepeatOldest when _notifications.Count > 0:
                    _state = OutboxMachine.Enqueue(_state, _notifications[0], Channels);
                    break;
                case Step.Lease:
                    Lease();
                    break;
                case Step.Accept:
                    SettleAll(refuse: false);
                    break;
                case Step.Refuse:
                    SettleAll(refuse: true);
                    break;
                case Step.AcceptAndCrash:
                    foreach (var work in _underWay)
                    {
                        Accept(work);
                        _crashes[work.Channel] = CrashesAfterAcceptance(work.Channel) + 1;
                    }
                    Crash();
                    break;
                case Step.Crash:
                    Crash();
                    break;
                case Step.Wait:
                    _now += 30_000;
                    break;
            }
        }

        /// <summary>All channels are well again.</summary>
        public void Finish()
        {
            for (var turn = 0; turn < 500 && _state is { } state && (state.Channels.Values.Any(line => line.Pending.Count > 0) || _underWay.Count > 0); turn++)
            {
                SettleAll(refuse: false);
                _now += 400_000;
                Lease();
            }
            _underWay.ShouldBeEmpty();
        }

        void Enqueue(NotificationKind kind)
        {
            var notification = Samples.Tell(Samples.Incident(revision: ++Revision), kind, at: _now);
            _notifications.Add(notification);
            _state = OutboxMachine.Enqueue(_state, notification, Channels);
        }

        void Lease()
        {
            if (_state is null)
                return;
            (_state, var work) = OutboxMachine.LeaseDue(
                _state, "q", new LeaseHolder("here", $"{_process}"), _now, channel => _underWay.Exists(one => one.Channel == channel));
            _underWay.AddRange(work);
        }

        void SettleAll(bool refuse)
        {
            var settled = _underWay;
            _underWay = [];
            foreach (var work in settled)
            {
                var refusal = refuse && work.Channel == "a" ? new Refusal("busy", IsPermanent: false) : null;
                if (refusal is null)
                    Accept(work);
                _state = OutboxMachine.Settle(_state!, new DeliveryOutcome(work.Channel, work.Notification.Id, null, refusal), _now);
            }
        }

        void Accept(DeliveryWork work) => _accepted.Add((work.Channel, work.Notification.Id, work.Notification.Incident.Revision));

        void Crash()
        {
            _underWay = [];
            _process++;
        }
    }
}
