using Dapr.Actors.Runtime;
using Forewarn.Alerting.Notifications;

namespace Forewarn.Alerting.Routing;

/// <summary>Runs <see cref="RouteWindow"/> on durable state; its id is the name of the route.</summary>
sealed class RouteLimiter(ActorHost host, AlertConfigSource config, INotificationOutbox outbox, TimeProvider time)
    : Actor(host), IRouteLimiter, IRemindable
{
    public const string TypeName = "RouteLimiter";
    const string StateKey = "window";
    const string ReminderName = "summary";
    static readonly TimeSpan Repeat = TimeSpan.FromMinutes(1);

    public async Task<bool> TryTake(LimitedIncident request)
    {
        // Without a limit by now there is nothing to count.
        if (Route()?.Limit is not { } limit)
            return true;
        var before = await LoadAsync();
        var (after, isTold) = before.Take(request.Incident, limit, request.Now);
        if (ReferenceEquals(before, after))
            return isTold;
        // The reminder first: one without anything to tell goes away by itself, what was held back without one would be forgotten.
        if (before.HeldCount == 0 && after.SummaryDueAt(limit) is { } due)
            await RemindAsync(due, request.Now);
        await SaveAsync(after);
        return isTold;
    }

    public async Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        var window = await LoadAsync();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var route = Route();
        if (route?.Limit is { } limit && window.SummaryDueAt(limit) is { } due)
        {
            if (due > now)
            {
                await RemindAsync(due, now);
                return;
            }
            await outbox.EnqueueAsync(HeldBackNotice.Of(route, window, now), CancellationToken.None);
        }
        // Of a route that is gone nobody is to be told any more.
        if (window.HeldCount > 0)
            await SaveAsync(window.Summarised(now));
        await UnregisterReminderAsync(ReminderName);
    }

    async Task RemindAsync(long due, long now) =>
        await RegisterReminderAsync(ReminderName, [], TimeSpan.FromMilliseconds(Math.Max(0, due - now)), Repeat);

    Route? Route() => config.Current.Config.FindRoute(Id.GetId());

    async Task<RouteWindow> LoadAsync()
    {
        var stored = await StateManager.TryGetStateAsync<RouteWindow>(StateKey);
        return stored.HasValue ? stored.Value : new RouteWindow();
    }

    async Task SaveAsync(RouteWindow window)
    {
        await StateManager.SetStateAsync(StateKey, window);
        await StateManager.SaveStateAsync();
    }
}
