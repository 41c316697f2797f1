using Forewarn.Alerting.Incidents;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// The queue as pure functions: <c>(state, what happened, now) → state</c>. Each channel goes its own way; within one, order holds
/// and one attempt is made at a time. A function that changes nothing returns the same instance.
/// </summary>
public static class OutboxMachine
{
    /// <summary>Ids remembered; a repeat comes after a crash, not after so many others.</summary>
    public const int MostTaken = 100;

    /// <summary>Longer than an attempt may take: see <see cref="DeliveryWorker.MostTime"/>.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    /// <summary>A notification so old that fails once more is given up.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    /// <summary>Takes a notification for the channels that want its kind.</summary>
    /// <param name="state">Null before the first.</param>
    /// <param name="notification">What is told.</param>
    /// <param name="channels">The receiver's channels that want its kind.</param>
    public static OutboxState Enqueue(OutboxState? state, Notification notification, IReadOnlyList<string> channels)
    {
        if (state is not null && state.Taken.Contains(notification.Id))
            return state;
        state ??= new OutboxState { Receiver = notification.Receiver, Incident = notification.Incident };
        var pending = new PendingNotification(notification.Id, notification.Kind, notification.At);
        return state with
        {
            // A repeat of an older revision that was forgotten brings no older snapshot back.
            Incident = notification.Incident.Revision >= state.Incident.Revision ? notification.Incident : state.Incident,
            Taken = [.. state.Taken.Skip(Math.Max(0, state.Taken.Count + 1 - MostTaken)), notification.Id],
            TakenAt = notification.At,
            Channels = channels.Aggregate(state.Channels, (queues, channel) =>
                With(queues, channel, Append(queues.GetValueOrDefault(channel) ?? new ChannelQueue(), pending))),
        };
    }

    /// <summary>
    /// Says once more what was said, to channels that forget it otherwise, while the incident goes on; also what was given up before it
    /// could be said. What has no incident, a test or the
    /// summary of a limited route, would never end and is not repeated.
    /// </summary>
    /// <param name="state">As kept.</param>
    /// <param name="periodOf">How often a channel needs it; null = it does not forget.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static OutboxState Repeat(OutboxState state, Func<string, TimeSpan?> periodOf, long now)
    {
        if (state.Incident.Status == IncidentStatus.Resolved || Fingerprint.FromIncidentId(state.Incident.Id) is null)
            return state;
        foreach (var (channel, line) in state.Channels)
        {
            if (line.Pending.Count > 0 || periodOf(channel) is not { } period || now - line.SentAt < period.TotalMilliseconds)
                continue;
            var repeat = new PendingNotification(Notification.IdOf(state.Incident.Id, state.Receiver, NotificationKind.Updated, now), NotificationKind.Updated, now, IsRepeat: true);
            state = state with { Channels = With(state.Channels, channel, line with { Pending = [repeat] }) };
        }
        return state;
    }

    /// <summary>Some channel will need to hear again what it was told.</summary>
    /// <param name="periodOf">As of <see cref="Repeat"/>.</param>
    public static bool WillRepeat(OutboxState state, Func<string, TimeSpan?> periodOf) =>
        state.Incident.Status != IncidentStatus.Resolved && Fingerprint.FromIncidentId(state.Incident.Id) is not null
        && state.Channels.Keys.Any(channel => periodOf(channel) is not null);

    /// <summary>Takes the right to make every attempt that is due.</summary>
    /// <param name="state">As kept.</param>
    /// <param name="queue">Actor of the queue.</param>
    /// <param name="holder">Who would send.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="isSending">Whether this holder is at it already, whatever the lease says.</param>
    public static (OutboxState State, IReadOnlyList<DeliveryWork> Work) LeaseDue(
        OutboxState state, string queue, LeaseHolder holder, long now, Func<string, bool> isSending)
    {
        var work = new List<DeliveryWork>();
        foreach (var (channel, line) in state.Channels)
        {
            if (line.Pending.Count == 0 || line.NextTryAt > now || IsHeld(line.Lease, holder, now) || isSending(channel))
                continue;
            (state, var one) = Take(state, queue, channel, holder, now);
            work.Add(one);
        }
        return (state, work);
    }

    /// <summary>Renews the right to one attempt whose turn came late.</summary>
    /// <returns>Null when it is somebody else's by now, or done.</returns>
    public static (OutboxState State, DeliveryWork? Work) Renew(
        OutboxState state, string queue, string channel, string notification, LeaseHolder holder, long now)
    {
        if (!state.Channels.TryGetValue(channel, out var line) || line.Pending is not [var next, ..] || next.Id != notification
            || (line.Lease is { } lease && lease.Holder != holder && IsHeld(lease, holder, now)))
            return (state, null);
        return Take(state, queue, channel, holder, now);
    }

    /// <summary>An attempt has ended. One whose lease ran out meanwhile counts as well: what was taken must not be sent again.</summary>
    public static OutboxState Settle(OutboxState state, DeliveryOutcome outcome, long now)
    {
        if (!state.Channels.TryGetValue(outcome.Channel, out var line) || line.Pending.FirstOrDefault(one => one.Id == outcome.Notification) is not { } sent)
            return state;
        var settled = outcome.Refusal is { } refusal ? Refused(state, line, outcome.Channel, sent, refusal, now) : Sent(state, line, outcome, sent, now);
        return state with { Channels = With(state.Channels, outcome.Channel, settled) };
    }

    /// <summary>The incident knows of an outcome.</summary>
    public static OutboxState Reported(OutboxState state, DeliveryState report) =>
        state.Channels.TryGetValue(report.Channel, out var line) && line.Report == report
            ? state with { Channels = With(state.Channels, report.Channel, line with { Report = null }) }
            : state;

    /// <summary>When there will be something to do that is not under way; null = nothing. Unix milliseconds.</summary>
    public static long? NextTryAt(OutboxState state) => state.Channels.Values
        .Where(line => line.Pending.Count > 0 && line.Lease is null)
        .Min(line => (long?)line.NextTryAt);

    static ChannelQueue Append(ChannelQueue line, PendingNotification pending)
    {
        var last = line.Pending.Count == 0 ? null : line.Pending[^1];
        // What is being sent is written already; what is not takes the newest snapshot with it, so an update has nothing to add.
        var open = last is not null && line.Lease?.Notification != last.Id;
        if (open && last!.Kind == NotificationKind.Updated)
            // The newest wins; a channel that fails is given no fresh start by it.
            return line with { Pending = [.. line.Pending.SkipLast(1), pending] };
        return open && pending.Kind == NotificationKind.Updated ? line : line with { Pending = [.. line.Pending, pending] };
    }

    static (OutboxState State, DeliveryWork Work) Take(OutboxState state, string queue, string channel, LeaseHolder holder, long now)
    {
        var line = state.Channels[channel];
        var next = line.Pending[0];
        var until = now + (long)LeaseTime.TotalMilliseconds;
        var notification = new Notification { Id = next.Id, Receiver = state.Receiver, Kind = next.Kind, Incident = state.Incident, At = next.At };
        return (
            state with { Channels = With(state.Channels, channel, line with { Lease = new Lease(next.Id, holder, until) }) },
            new DeliveryWork(queue, channel, notification, line.Mark, line.Attempts, until));
    }

    static bool IsHeld(Lease? lease, LeaseHolder holder, long now) => lease is not null && lease.Until > now && !holder.Replaces(lease.Holder);

    static ChannelQueue Sent(OutboxState state, ChannelQueue line, DeliveryOutcome outcome, PendingNotification sent, long now) => line with
    {
        Pending = Without(line, sent),
        Mark = outcome.Mark ?? line.Mark,
        Attempts = 0,
        NextTryAt = now,
        SentAt = now,
        Lease = LeaseWithout(line, sent),
        // That it was said once more is no news, unless it had failed.
        Report = sent.IsRepeat && line.Attempts == 0 ? line.Report : Report(state, outcome.Channel, sent, DeliveryStatus.Sent, line.Attempts + 1, now, error: null),
    };

    static ChannelQueue Refused(OutboxState state, ChannelQueue line, string channel, PendingNotification sent, Refusal refusal, long now)
    {
        var attempts = line.Attempts + 1;
        if (now - sent.At >= GiveUpAfter.TotalMilliseconds)
        {
            return line with
            {
                Pending = Without(line, sent),
                Attempts = 0,
                NextTryAt = now,
                Lease = LeaseWithout(line, sent),
                Report = Report(state, channel, sent, DeliveryStatus.Failed, attempts, now, refusal.Reason),
            };
        }
        return line with
        {
            Attempts = attempts,
            NextTryAt = now + Backoff.DelayMs(sent.Id, attempts, refusal),
            Lease = LeaseWithout(line, sent),
            // The first failure is news; that it goes on is not.
            Report = attempts == 1 ? Report(state, channel, sent, DeliveryStatus.Retrying, attempts, now, refusal.Reason) : line.Report,
        };
    }

    static List<PendingNotification> Without(ChannelQueue line, PendingNotification sent) => [.. line.Pending.Where(one => one.Id != sent.Id)];

    static Lease? LeaseWithout(ChannelQueue line, PendingNotification sent) => line.Lease?.Notification == sent.Id ? null : line.Lease;

    static DeliveryState Report(
        OutboxState state, string channel, PendingNotification sent, DeliveryStatus status, int attempts, long now, string? error) => new()
        {
            Receiver = state.Receiver,
            Channel = channel,
            Notification = sent.Id,
            Status = status,
            Attempts = attempts,
            At = now,
            Error = error,
        };

    static Dictionary<string, ChannelQueue> With(IReadOnlyDictionary<string, ChannelQueue> queues, string channel, ChannelQueue line) =>
        new(queues, StringComparer.Ordinal) { [channel] = line };
}
