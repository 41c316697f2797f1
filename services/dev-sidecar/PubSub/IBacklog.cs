namespace DevSidecar.PubSub;

/// <summary>A running subscription that knows what waits for its replica.</summary>
interface IBacklog
{
    /// <summary>Its share of the group's queue; it counts as a consumer while it holds partitions.</summary>
    QueueDescription Backlog { get; }
}
