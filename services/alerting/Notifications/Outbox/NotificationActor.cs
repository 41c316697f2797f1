using Dapr.Actors.Runtime;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// Runs <see cref="OutboxMachine"/> on durable state. What is handed to the pump was saved with its lease before, so a crash leaves
/// either nothing sent or a lease that runs out; the reminder is what comes back to it.
/// </summary>
sealed class NotificationActor(
    ActorHost host, DeliveryPump pump, ChannelCatalog channels, LeaseHolder holder, ILogger<NotificationActor> logger, TimeProvider time)
    : Actor(host), INotificationActor, IRemindable
{
    public const string TypeName = "Notification";
    const string StateKey = "outbox";
    const string ReminderName = "outbox";

    /// <summary>While something is under way.</summary>
    static readonly TimeSpan BusyPeriod = TimeSpan.FromSeconds(10);

    /// <summary>While nothing is, but a channel has to hear again what it was told.</summary>
    static readonly TimeSpan RepeatPeriod = TimeSpan.FromMinutes(1);

    /// <summary>While nothing is: only to forget.</summary>
    static readonly TimeSpan IdlePeriod = TimeSpan.FromDays(1);

    /// <summary>An incident that is not over may be told of again, and its Slack message changed.</summary>
    static readonly TimeSpan KeptWhileOpen = TimeSpan.FromDays(31);

    /// <summary>Null until this activation has registered it; a reminder outlives activations.</summary>
    TimeSpan? _reminderPeriod;

    public async Task Enqueue(NotificationBatch batch)
    {
        var before = await LoadAsync();
        var after = before;
        foreach (var notification in batch.Notifications)
            after = OutboxMachine.Enqueue(after, notification, channels.Taking(notification.Receiver, notification.Kind));
        if (after is null)
            return;
        if (after.Channels.Count == 0)
        {
            // Nothing will ever come back to it, so nothing is kept.
            Log.NobodyToTell(logger, after.Receiver, after.Incident.Id);
            return;
        }
        await SaveAndHandOverAsync(before, after);
    }

    public async Task Wake()
    {
        if (await LoadAsync() is { } state)
            await SaveAndHandOverAsync(state, state);
    }

    public async Task<Renewal> Renew(RenewRequest request)
    {
        if (await LoadAsync() is not { } state)
            return new Renewal(null);
        var (after, work) = OutboxMachine.Renew(state, Id.GetId(), request.Channel, request.Notification, request.Holder, Now());
        if (work is not null)
            await SaveAsync(after);
        return new Renewal(work);
    }

    public async Task Settle(DeliveryOutcome outcome)
    {
        if (await LoadAsync() is not { } before)
            return;
        // What comes next may be handed over in the same write.
        pump.Ended(Id.GetId(), outcome.Channel, outcome.Notification);
        var after = OutboxMachine.Settle(before, outcome, Now());
        await SaveAndHandOverAsync(before, after);
    }

    public async Task Reported(DeliveryState report)
    {
        if (await LoadAsync() is { } before && OutboxMachine.Reported(before, report) is var after && !ReferenceEquals(before, after))
            await SaveAsync(after);
    }

    public async Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        _reminderPeriod = period;
        var current = await LoadAsync();
        if (current is null || IsForgotten(current))
        {
            await UnregisterReminderAsync(ReminderName);
            _reminderPeriod = null;
            if (current is not null)
            {
                await StateManager.RemoveStateAsync(StateKey);
                await StateManager.SaveStateAsync();
            }
            return;
        }
        var after = await SaveAndHandOverAsync(current, OutboxMachine.Repeat(current, PeriodOf(current), Now()));
        if (!after.IsBusy || after.OnlyRepeats)
            await RemindAsync(OutboxMachine.WillRepeat(after, PeriodOf(after)) ? RepeatPeriod : IdlePeriod);
    }

    Func<string, TimeSpan?> PeriodOf(OutboxState state) => channel => channels.RepeatEvery(state.Receiver, channel);

    bool IsForgotten(OutboxState state)
    {
        var age = Now() - state.TakenAt;
        return !state.IsBusy && !OutboxMachine.WillRepeat(state, PeriodOf(state)) && age >= (state.Incident.Status == IncidentStatus.Resolved ? IdlePeriod : KeptWhileOpen).TotalMilliseconds;
    }

    /// <summary>Leases what is due in the same write; the reminder comes after the hand-over, which it only backs up.</summary>
    async Task<OutboxState> SaveAndHandOverAsync(OutboxState? before, OutboxState state)
    {
        var id = Id.GetId();
        var (leased, work) = OutboxMachine.LeaseDue(state, id, holder, Now(), channel => pump.IsSending(id, channel));
        if (!ReferenceEquals(before, leased))
            await SaveAsync(leased);
        foreach (var one in work)
            pump.Post(one);
        foreach (var report in leased.Channels.Values.Select(line => line.Report).OfType<DeliveryState>())
            pump.PostReport(id, leased.Incident.Id, report);
        if (OutboxMachine.NextTryAt(leased) is { } next)
            pump.WakeAt(id, next);
        if (leased.IsBusy && !leased.OnlyRepeats)
            await RemindAsync(BusyPeriod);
        return leased;
    }

    async Task RemindAsync(TimeSpan period)
    {
        if (_reminderPeriod == period)
            return;
        await RegisterReminderAsync(ReminderName, [], period, period);
        _reminderPeriod = period;
    }

    async Task<OutboxState?> LoadAsync()
    {
        var stored = await StateManager.TryGetStateAsync<OutboxState>(StateKey);
        return stored.HasValue ? stored.Value : null;
    }

    async Task SaveAsync(OutboxState state)
    {
        await StateManager.SetStateAsync(StateKey, state);
        await StateManager.SaveStateAsync();
    }

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
