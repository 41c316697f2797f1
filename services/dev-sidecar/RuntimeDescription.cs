using DevSidecar.PubSub;

namespace DevSidecar;

/// <summary>
/// What a runtime hosts and what waits in it. Dead letters and bytes are those of the embedded log; of Kafka groups the queues
/// hold what this runtime's own replicas have before them.
/// </summary>
public sealed record RuntimeDescription(
    IReadOnlyList<AppDescription> Apps, IReadOnlyList<QueueDescription> Queues, long DeadLetters, long LogBytes)
{
    /// <summary>Where dead letters are, in the embedded log and, by name only, elsewhere.</summary>
    public IReadOnlyList<DeadLetterTopicDescription> DeadLetterTopics { get; init; } = [];

    internal static RuntimeDescription Of(SidecarRuntime runtime)
    {
        var now = runtime.Options.TimeProvider.GetUtcNow();
        var apps = runtime.Apps.Select(AppDescription.Of).ToList();
        var queues = runtime.Groups.All.Select(g =>
        {
            var (depth, oldest) = g.Backlog;
            TimeSpan? age = depth > 0 && oldest is { } ms ? now - DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
            return new QueueDescription(g.Topic.Name, g.Name, g.Members, depth, age);
        });
        var shared = runtime.Apps.SelectMany(a => a.Backlogs).GroupBy(b => (b.Topic, b.Group)).Select(g =>
            new QueueDescription(g.Key.Topic, g.Key.Group, g.Sum(b => b.Consumers), g.Sum(b => b.Depth), null));
        var ours = runtime.DurableLog.DeadLetters.Topics
            .Select(t => new DeadLetterTopicDescription(t.Topic, t.Sources, runtime.DeadLetters.Count(t.Topic), Broker: null))
            .ToList();
        var dead = ours.Sum(t => t.Waiting ?? 0);
        return new(apps, [.. queues.Concat(shared).OrderBy(q => q.Topic, StringComparer.Ordinal).ThenBy(q => q.Group, StringComparer.Ordinal)], dead, runtime.DurableLog.Bytes)
        {
            DeadLetterTopics = [.. ours, .. Elsewhere(runtime)],
        };
    }

    static IEnumerable<DeadLetterTopicDescription> Elsewhere(SidecarRuntime runtime) =>
        from app in runtime.Apps
        from subscription in app.Subscriptions
        where subscription.DeadLetterTopic is not null
            && app.Components.PubSubs.TryGetValue(subscription.PubSub, out var component) && component.Broker is not LogBroker
        group subscription.Topic by (Topic: subscription.DeadLetterTopic!, subscription.PubSub) into found
        select new DeadLetterTopicDescription(
            found.Key.Topic, [.. found.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], Waiting: null, found.Key.PubSub);
}

/// <summary>One replica.</summary>
public sealed record AppDescription(
    string AppId, string InstanceId, AppSidecarState State, int AppPort, int HttpPort, int GrpcPort,
    IReadOnlyList<ComponentDescription> Components, IReadOnlyList<SubscriptionDescription> Subscriptions)
{
    internal static AppDescription Of(AppSidecar app) => new(
        app.AppId, app.InstanceId, app.State, app.AppPort, app.HttpPort, app.GrpcPort,
        [.. app.Components.Definitions.Select(c => new ComponentDescription(c.Name, c.Type, c.Version))],
        [.. app.Subscriptions.Select(s => new SubscriptionDescription(s.PubSub, s.Topic, s.Bulk, s.DeadLetterTopic))]);
}

/// <summary>A component as loaded.</summary>
public sealed record ComponentDescription(string Name, string Type, string Version);

/// <summary>A subscription in force.</summary>
public sealed record SubscriptionDescription(string PubSub, string Topic, bool Bulk, string? DeadLetterTopic);

/// <summary>Records of a topic a consumer group has not finished. The age is that of the oldest.</summary>
public sealed record QueueDescription(string Topic, string Group, int Consumers, long Depth, TimeSpan? OldestAge);

/// <summary>A topic with dead letters: the topics they failed on, and how many were neither replayed nor discarded.</summary>
/// <param name="Waiting">Null when they live in a broker outside this runtime's log.</param>
/// <param name="Broker">The pub/sub component whose broker keeps them; null for the embedded log.</param>
public sealed record DeadLetterTopicDescription(string Topic, IReadOnlyList<string> Sources, long? Waiting, string? Broker);
