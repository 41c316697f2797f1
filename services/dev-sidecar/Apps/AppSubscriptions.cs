using DevSidecar.PubSub;

namespace DevSidecar.Apps;

/// <summary>The subscriptions of one replica while its app is there.</summary>
sealed class AppSubscriptions(AppSidecar sidecar, ILogger logger)
{
    readonly List<(AppSubscription Subscription, IAsyncDisposable Consumer)> _running = [];

    public IReadOnlyList<AppSubscription> Active
    {
        get
        {
            lock (_running)
            {
                return [.. _running.Select(r => r.Subscription)];
            }
        }
    }

    /// <summary>What waits at brokers that tell it per subscription.</summary>
    public IReadOnlyList<QueueDescription> Backlogs
    {
        get
        {
            lock (_running)
            {
                return [.. _running.Select(r => r.Consumer).OfType<IBacklog>().Select(b => b.Backlog)];
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

        foreach (var subscription in wanted.Values)
        {
            Start(subscription);
        }
    }

    public async Task StopAsync()
    {
        (AppSubscription, IAsyncDisposable Consumer)[] running;
        lock (_running)
        {
            running = [.. _running];
            _running.Clear();
        }

        await Task.WhenAll(running.Select(r => r.Consumer.DisposeAsync().AsTask()));
    }

    void Start(AppSubscription subscription)
    {
        if (!sidecar.Components.PubSubs.TryGetValue(subscription.PubSub, out var component))
        {
            Log.SubscriptionRefused(logger, sidecar.AppId, subscription.Topic, $"there is no pub/sub component '{subscription.PubSub}' for this app");
            return;
        }

        if (!component.MaySubscribe(sidecar.AppId, subscription.Topic))
        {
            Log.SubscriptionRefused(logger, sidecar.AppId, subscription.Topic, $"the scopes of '{subscription.PubSub}' deny it");
            return;
        }

        var delivery = new AppDelivery(
            subscription, component, sidecar.AppId, sidecar, sidecar.Guards.Inbound(component.Name, "Pubsub"), sidecar.Telemetry, sidecar.Time, logger);
        var consumer = component.Broker.Subscribe(new(
            subscription.Topic, sidecar.InstanceId, subscription.Bulk, subscription.MaxMessagesCount, subscription.MaxAwait, delivery.DeliverAsync)
        {
            DeadLetterTopic = subscription.DeadLetterTopic,
        });
        lock (_running)
        {
            _running.Add((subscription, consumer));
        }
    }
}
