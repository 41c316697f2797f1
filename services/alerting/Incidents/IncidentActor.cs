using Dapr.Actors.Runtime;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>Runs <see cref="IncidentMachine"/> on durable state: save first, then send, then mark as sent.</summary>
sealed class IncidentActor(
    ActorHost host, IncidentPublisher publisher, Notifier notifier, AlertingOptions options, TimeProvider time)
    : Actor(host), IIncidentActor, IRemindable
{
    public const string TypeName = "Incident";
    const string StateKey = "incident";
    const string ReminderName = "quiet";
    static readonly TimeSpan ReminderPeriod = TimeSpan.FromSeconds(5);

    public async Task Observe(DetectionFold fold)
    {
        var before = await LoadAsync();
        var after = before;
        foreach (var detection in fold.Detections)
        {
            if (IncidentMachine.Concerns(after, detection))
                after = IncidentMachine.Observe(after, detection, Now(), options);
        }
        if (after is null)
            return;
        var opened = !IsOpen(before) && IsOpen(after);
        if (!ReferenceEquals(before, after))
            await SaveAsync(after);
        await DeliverAsync(after);
        // After the notification: the reminder only ends incidents, and a redelivery registers it again.
        if (opened)
            await RegisterReminderAsync(ReminderName, [], ReminderPeriod, ReminderPeriod);
    }

    public async Task<bool> Acknowledge(string incidentId)
    {
        var state = await LoadAsync();
        if (state is null || state.Incident.Id != incidentId || state.Incident.Status == IncidentStatus.Resolved)
            return false;
        await ApplyAsync(state, IncidentMachine.Acknowledge(state, Now()));
        return true;
    }

    public async Task Rehearse(DetectionFold fold)
    {
        var before = await LoadAsync();
        await SaveAsync(IncidentMachine.Observe(before, fold.Detections[0], Now(), options));
        await StateManager.RemoveStateAsync(StateKey);
        await StateManager.SaveStateAsync();
    }

    public async Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        var current = await LoadAsync();
        if (current is null)
        {
            await UnregisterReminderAsync(ReminderName);
            return;
        }
        var after = IncidentMachine.Elapse(current, Now(), options);
        await ApplyAsync(current, after);
        if (!IsOpen(after))
            await UnregisterReminderAsync(ReminderName);
    }

    static bool IsOpen(IncidentState? state) => state is not null && state.Incident.Status != IncidentStatus.Resolved;

    async Task ApplyAsync(IncidentState before, IncidentState after)
    {
        if (!ReferenceEquals(before, after))
            await SaveAsync(after);
        await DeliverAsync(after);
    }

    async Task DeliverAsync(IncidentState state)
    {
        if (state.Pending == Pending.None)
            return;
        var incident = state.Incident;
        if (state.Pending.Notify != NotificationKind.None)
        {
            await notifier.NotifyAsync(incident, state.Pending.Notify);
            if (state.Pending.Notify == NotificationKind.Opened)
                incident = incident with { Stamps = incident.Stamps with { Notified = Now() } };
        }
        await publisher.PublishAsync(incident);
        await SaveAsync(IncidentMachine.Delivered(state with { Incident = incident }));
    }

    async Task<IncidentState?> LoadAsync()
    {
        var stored = await StateManager.TryGetStateAsync<IncidentState>(StateKey);
        return stored.HasValue ? stored.Value : null;
    }

    async Task SaveAsync(IncidentState state)
    {
        await StateManager.SetStateAsync(StateKey, state);
        await StateManager.SaveStateAsync();
    }

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
