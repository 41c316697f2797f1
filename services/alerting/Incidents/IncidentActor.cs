using Dapr.Actors.Runtime;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>Runs <see cref="IncidentMachine"/> on durable state: save first, then enqueue and publish, then mark as left.</summary>
sealed class IncidentActor(
    ActorHost host, IncidentPublisher publisher, INotificationOutbox outbox, IAlertPolicy policy, AlertingOptions options, Telemetry telemetry, TimeProvider time)
    : Actor(host), IIncidentActor, IRemindable
{
    public const string TypeName = "Incident";
    const string StateKey = "incident";
    const string ReminderName = "quiet";
    static readonly TimeSpan WhileOpen = TimeSpan.FromSeconds(5);
    static readonly TimeSpan WhilePredicted = TimeSpan.FromMinutes(1);

    public async Task Observe(DetectionFold fold)
    {
        var before = await LoadAsync();
        await ApplyAsync(before, IncidentMachine.Observe(before, fold, Now(), options));
    }

    public async Task<ActionOutcome> Act(IncidentAction action)
    {
        var state = await LoadAsync();
        if (IncidentActions.WhyNot(state, action) is { } refusal)
            return new ActionOutcome(refusal, state?.Incident);
        return new ActionOutcome(null, (await ApplyAsync(state, IncidentActions.Apply(state!, action, Now())))!.Incident);
    }

    public async Task Report(DeliveryReport report)
    {
        var state = await LoadAsync();
        if (state is not null && state.Incident.Id == report.Incident)
            await ApplyAsync(state, DeliveryNotes.Take(state, report.State, Now()));
    }

    public async Task Rehearse(DetectionFold fold)
    {
        var state = IncidentMachine.Observe(null, fold, Now(), options)!;
        await SaveAsync(state);
        Telling.Expand(state, RoutingPlan.Nobody, policy.MutedBy(state.Incident, Now()), Now());
        await StateManager.RemoveStateAsync(StateKey);
        await StateManager.SaveStateAsync();
    }

    public async Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        var current = await LoadAsync();
        if (current is null || !current.IsAlive)
        {
            await UnregisterReminderAsync(ReminderName);
            return;
        }
        var elapsed = IncidentMachine.Elapse(current, Now(), options);
        await ApplyAsync(current, Telling.Unmute(elapsed, policy.MutedBy(elapsed.Incident, Now()), Now()));
    }

    async Task<IncidentState?> ApplyAsync(IncidentState? before, IncidentState? after)
    {
        if (after is null)
            return null;
        if (!ReferenceEquals(before, after))
            await SaveAsync(after);
        var unfinished = before?.Pending.Publish == true;
        if (after.Pending.Publish)
            after = await EnqueueAsync(after);
        // Before anything is marked as left: a turn that was cut off is done again as a whole, reminder included.
        if (unfinished || PeriodOf(before) != PeriodOf(after))
            await WakeAsync(PeriodOf(after));
        if (!after.Pending.Publish)
            return after;
        await publisher.PublishAsync(after.Incident);
        if (before?.Incident.Id != after.Incident.Id || before.Incident.Status != after.Incident.Status)
            telemetry.Changed(after.Incident);
        after = IncidentMachine.Delivered(after);
        await SaveAsync(after);
        return after;
    }

    async Task<IncidentState> EnqueueAsync(IncidentState state)
    {
        // Limits count whom they are asked about: only what may reach somebody new asks.
        var asks = state.Pending.Notices.Any(notice => notice.Kind is NotificationKind.Opened or NotificationKind.Worsened);
        var plan = asks ? await policy.PlanAsync(state.Incident) : RoutingPlan.Nobody;
        var (expanded, notifications) = Telling.Expand(state, plan, policy.MutedBy(state.Incident, Now()), Now());
        if (notifications.Count > 0)
            await outbox.EnqueueAsync(notifications, CancellationToken.None);
        return expanded;
    }

    static TimeSpan? PeriodOf(IncidentState? state) => state switch
    {
        { Incident.Status: not IncidentStatus.Resolved } => WhileOpen,
        { IsAlive: true } => WhilePredicted,
        _ => null,
    };

    Task WakeAsync(TimeSpan? period) => period is { } every
        ? RegisterReminderAsync(ReminderName, [], every, every)
        : UnregisterReminderAsync(ReminderName);

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
