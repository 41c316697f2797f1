using DevSidecar.PubSub;
using DevSidecar.Resiliency;

namespace DevSidecar.Apps;

/// <summary>The subscriptions of one replica while its app is there.</summary>
sealed class AppSubscriptions(AppSidecar sidecar, ILogger logger)
{
    readonly Lock _lock = new();
    readonly List<AppSubscription> _active = [];
    readonly List<IAsyncDisposable> _consumers = [];

    public IReadOnlyList<AppSubscription> Active
    {
        get
        {
            lock (_lock)
            {
                return [.. _active];
            }
        }
    }

    /// <summary>What waits at brokers that tell it per replica.</summary>
    public IReadOnlyList<QueueDescription> Backlogs
    {
        get
        {
            lock (_lock)
            {
                return [.. _consumers.OfType<IBacklog>().SelectMany(b => b.Backlogs)];
            }
        }
    }

    /// <summary>The same per partition.</summary>
    public IReadOnlyList<PartitionLag> Lags
    {
        get
        {
            lock (_lock)
            {
                return [.. _consumers.OfType<IBacklog>().SelectMany(b => b.Lags)];
            }
        }
    }

    /// <summary>Programmatic subscriptions replace declarative ones of the same pub/sub and topic.</summary>
    public void Start(byte[] programmatic)
    {
        var wanted = new Dictionary<(string, string), AppSubscription>();
        var declared = sidecar.Runtime.Declared
            .Where(d => d.Scopes.Count == 0 || d.Scopes.Contains(sidecar.AppId, StringComparer.Ordinal))
            .Select(d => d.Subscription);
        foreach (var subscription in declared)
        {
            wanted.TryAdd((subscription.PubSub, subscription.Topic), subscription);
        }

        try
        {
            foreach (var subscription in SubscriptionReader.Programmatic(programmatic))
            {
                wanted[(subscription.PubSub, subscription.Topic)] = subscription;
            }
        }
        catch (SidecarConfigurationException e)
        {
            Log.SubscriptionRefused(logger, sidecar.AppId, "*", e.Message);
        }

        foreach (var byComponent in wanted.Values.GroupBy(w => w.PubSub, StringComparer.Ordinal))
        {
            Start(byComponent.Key, [.. byComponent]);
        }
    }

    public async Task StopAsync()
    {
        IAsyncDisposable[] consumers;
        lock (_lock)
        {
            consumers = [.. _consumers];
            _consumers.Clear();
            _active.Clear();
        }

        await Task.WhenAll(consumers.Select(c => c.DisposeAsync().AsTask()));
    }

    void Start(string pubSub, List<AppSubscription> subscriptions)
    {
        if (!sidecar.Components.PubSubs.TryGetValue(pubSub, out var component))
        {
            subscriptions.ForEach(s => Log.SubscriptionRefused(logger, sidecar.AppId, s.Topic, $"there is no pub/sub component '{pubSub}' for this app"));
            return;
        }

        foreach (var denied in subscriptions.Where(s => !component.MaySubscribe(sidecar.AppId, s.Topic)))
        {
            Log.SubscriptionRefused(logger, sidecar.AppId, denied.Topic, $"the scopes of '{pubSub}' deny it");
        }

        subscriptions.RemoveAll(s => !component.MaySubscribe(sidecar.AppId, s.Topic));
        if (subscriptions.Count == 0)
        {
            return;
        }

        var guard = sidecar.Guards.Inbound(component.Name, "Pubsub");
        var consumers = component.Broker.Subscribe(subscriptions.ConvertAll(s => Wish(s, component, guard)));
        lock (_lock)
        {
            _active.AddRange(subscriptions);
            _consumers.AddRange(consumers);
        }
    }

    BrokerSubscription Wish(AppSubscription subscription, PubSubComponent component, Guard guard)
    {
        var delivery = new AppDelivery(subscription, component, sidecar.AppId, sidecar, guard, sidecar.Telemetry, sidecar.Time, logger);
        return new(subscription.Topic, sidecar.InstanceId, subscription.Bulk, subscription.MaxMessagesCount, subscription.MaxAwait, delivery.DeliverAsync)
        {
            DeadLetterTopic = subscription.DeadLetterTopic,
        };
    }
}
