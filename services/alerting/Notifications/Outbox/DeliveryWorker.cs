using System.Diagnostics;

namespace Forewarn.Alerting.Notifications;

/// <summary>Makes one attempt and sees to it that its outcome is kept.</summary>
sealed class DeliveryWorker(
    NotificationDirectory queues, ChannelCatalog channels, LeaseHolder holder, Telemetry telemetry, ILogger<DeliveryWorker> logger, TimeProvider time)
{
    /// <summary>A channel that has not answered by then has failed; whether it took the message nobody knows.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Throws nothing: what fails is the queue's to repeat.</summary>
    /// <param name="work">Leased.</param>
    /// <param name="abort">The process ends now.</param>
    public async Task DeliverAsync(DeliveryWork work, CancellationToken abort)
    {
        try
        {
            if (await CurrentAsync(work, abort) is { } current && await AttemptAsync(current, abort) is { } outcome)
                await KeepAsync(current, outcome, abort);
        }
        catch (Exception outage) when (Outage.Is(outage))
        {
            Log.QueueDoesNotAnswer(logger, work.Queue, outage.Message);
        }
    }

    /// <summary>Work that waited behind a slow channel may have lost its lease meanwhile.</summary>
    async ValueTask<DeliveryWork?> CurrentAsync(DeliveryWork work, CancellationToken abort) =>
        work.Until - Now() > MostTime.TotalMilliseconds
            ? work
            : await queues.RenewAsync(work.Queue, new RenewRequest(work.Channel, work.Notification.Id, holder), abort);

    /// <returns>Null when the process ended meanwhile.</returns>
    async Task<DeliveryOutcome?> AttemptAsync(DeliveryWork work, CancellationToken abort)
    {
        var notification = work.Notification;
        if (channels.Find(notification.Receiver, work.Channel) is not var (channel, target))
            return Refused(work, new Refusal($"the receiver '{notification.Receiver}' has no channel '{work.Channel}' any more", IsPermanent: true));
        using var limit = new CancellationTokenSource(MostTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abort);
        try
        {
            var mark = await channel.SendAsync(new Delivery(notification, target, work.Mark), either.Token);
            Count(work);
            return new DeliveryOutcome(work.Channel, notification.Id, mark, Refusal: null);
        }
        catch (DeliveryException refused)
        {
            return Refused(work, refused.Refusal);
        }
        catch (Exception outage) when (Outage.Is(outage))
        {
            if (abort.IsCancellationRequested)
                return null;
            return Refused(work, new Refusal(
                limit.IsCancellationRequested ? $"no answer within {MostTime.TotalSeconds:0} s" : $"the sidecar does not answer: {outage.Message}", IsPermanent: false));
        }
#pragma warning disable CA1031 // A channel's mistake must not end the worker, nor be hidden.
        catch (Exception mistake)
#pragma warning restore CA1031
        {
            Log.ChannelBroke(logger, work.Channel, notification.Id, mistake);
            return Refused(work, new Refusal($"{mistake.GetType().Name}: {mistake.Message}", IsPermanent: true));
        }
    }

    DeliveryOutcome Refused(DeliveryWork work, Refusal refusal)
    {
        telemetry.Failures.Add(1, new TagList { { "channel", work.Channel } });
        if (work.Attempts == 0)
            Log.NotDelivered(logger, work.Notification.Id, work.Notification.Receiver, work.Channel, refusal.Reason);
        return new DeliveryOutcome(work.Channel, work.Notification.Id, Mark: null, refusal);
    }

    /// <summary>What the channel took is sent again unless that is kept, so it is tried for as long as this process lives.</summary>
    async Task KeepAsync(DeliveryWork work, DeliveryOutcome outcome, CancellationToken abort)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await queues.SettleAsync(work.Queue, outcome, abort);
                return;
            }
            catch (Exception outage) when (Outage.Is(outage) && !abort.IsCancellationRequested)
            {
                Log.QueueDoesNotAnswer(logger, work.Queue, outage.Message);
                await Task.Delay(pause, time, abort);
            }
        }
    }

    void Count(DeliveryWork work)
    {
        var (incident, kind) = (work.Notification.Incident, work.Notification.Kind);
        telemetry.Notifications.Add(1, new TagList { { "channel", work.Channel }, { "kind", kind.ToString() } });
        if (kind == NotificationKind.Opened && incident.Stamps.Received > 0)
            telemetry.Latency.Record((Now() - incident.Stamps.Received) / 1000.0, new TagList { { "channel", work.Channel } });
    }

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
