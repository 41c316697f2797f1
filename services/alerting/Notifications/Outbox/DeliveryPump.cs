using System.Collections.Concurrent;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// Carries what the queues hand over, at once and outside of their turns. Each binding has workers of its own, so a slow one keeps
/// nobody waiting but itself. What does not fit is left to the queue's reminder.
/// </summary>
sealed class DeliveryPump(DeliveryWorker worker, ChannelCatalog channels, NotificationDirectory queues, IEnumerable<IDeliveryReports> listeners, ILogger<DeliveryPump> logger, TimeProvider time)
    : IHostedLifecycleService, IDisposable
{
    const int WorkersPerBinding = 4;
    const int WorkersForTheRest = 4;
    const int Capacity = 1_000;

    /// <summary>What is on its way when the process ends is waited for: broken off, it might be sent twice.</summary>
    static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(4);

    readonly ConcurrentDictionary<string, Lazy<Lane<DeliveryWork>>> _lanes = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<(string Queue, string Channel), string> _sending = new();
    readonly ConcurrentDictionary<(string Queue, string Channel), DeliveryState> _reporting = new();
    readonly ConcurrentDictionary<string, (long At, ITimer Timer)> _timers = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _abort = new();
    Lane<(string Queue, string Incident, DeliveryState Report)>? _reports;
    Lane<string>? _wakes;
    volatile bool _stopping;

    public bool IsSending(string queue, string channel) => _sending.ContainsKey((queue, channel));

    /// <summary>An attempt is over; the next of its queue may begin.</summary>
    public void Ended(string queue, string channel, string notification) =>
        _sending.TryRemove(KeyValuePair.Create((queue, channel), notification));

    /// <summary>Makes an attempt as soon as the channel has a worker free.</summary>
    public void Post(DeliveryWork work)
    {
        if (_stopping)
            return;
        _sending[(work.Queue, work.Channel)] = work.Notification.Id;
        var lane = _lanes.GetOrAdd(channels.LaneOf(work.Notification.Receiver, work.Channel), _ => new(() => NewLane(DeliverAsync)));
        if (!lane.Value.TryPost(work))
            Ended(work.Queue, work.Channel, work.Notification.Id);
    }

    /// <summary>Tells the incident how a delivery fares.</summary>
    public void PostReport(string queue, string incident, DeliveryState report)
    {
        if (_stopping || (_reporting.TryGetValue((queue, report.Channel), out var under) && under == report))
            return;
        _reporting[(queue, report.Channel)] = report;
        if (_reports?.TryPost((queue, incident, report)) is not true)
            _reporting.TryRemove(KeyValuePair.Create((queue, report.Channel), report));
    }

    /// <summary>Wakes a queue when its next attempt is due; an earlier time holds.</summary>
    public void WakeAt(string queue, long at)
    {
        if (_stopping || (_timers.TryGetValue(queue, out var set) && set.At <= at))
            return;
        var due = TimeSpan.FromMilliseconds(Math.Max(1, at - time.GetUtcNow().ToUnixTimeMilliseconds()));
        var timer = time.CreateTimer(_ => OnTimer(queue), null, due, Timeout.InfiniteTimeSpan);
        _timers.AddOrUpdate(queue, (at, timer), (_, former) =>
        {
            former.Timer.Dispose();
            return (at, timer);
        });
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _reports = NewLane<(string, string, DeliveryState)>(ReportAsync);
        _wakes = NewLane<string>(WakeAsync);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the server ends: outcomes are kept through it.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        _abort.CancelAfter(DrainTime);
        await Task.WhenAll(_lanes.Values.Select(lane => lane.Value.DisposeAsync().AsTask()));
        if (_reports is not null)
            await _reports.DisposeAsync();
        if (_wakes is not null)
            await _wakes.DisposeAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var (_, timer) in _timers.Values)
            timer.Dispose();
        _abort.Dispose();
    }

    Lane<DeliveryWork> NewLane(Func<DeliveryWork, CancellationToken, Task> handle) => new(WorkersPerBinding, Capacity, handle, _abort.Token);

    Lane<T> NewLane<T>(Func<T, CancellationToken, Task> handle) => new(WorkersForTheRest, Capacity, handle, _abort.Token);

    async Task DeliverAsync(DeliveryWork work, CancellationToken abort)
    {
        await worker.DeliverAsync(work, abort);
        Ended(work.Queue, work.Channel, work.Notification.Id);
    }

    void OnTimer(string queue)
    {
        if (_timers.TryRemove(queue, out var set))
            set.Timer.Dispose();
        _wakes?.TryPost(queue);
    }

    async Task WakeAsync(string queue, CancellationToken abort)
    {
        try
        {
            await queues.WakeAsync(queue, abort);
        }
        catch (Exception outage) when (Outage.Is(outage))
        {
            Log.QueueDoesNotAnswer(logger, queue, outage.Message);
        }
    }

    async Task ReportAsync((string Queue, string Incident, DeliveryState Report) told, CancellationToken abort)
    {
        try
        {
            foreach (var listener in listeners)
                await listener.ReportAsync(told.Incident, told.Report, told.Report.At, abort);
            await queues.ReportedAsync(told.Queue, told.Report, abort);
        }
        catch (Exception outage) when (Outage.Is(outage))
        {
            Log.OutcomeNotTold(logger, told.Incident, told.Report.Notification, outage.Message);
        }
        finally
        {
            _reporting.TryRemove(KeyValuePair.Create((told.Queue, told.Report.Channel), told.Report));
        }
    }
}
