namespace DevSidecar.PubSub;

/// <summary>A running consumer that knows what waits for its replica.</summary>
interface IBacklog
{
    /// <summary>Its share of the group's queue, per topic; it counts as a consumer of those of which it holds partitions.</summary>
    IReadOnlyList<QueueDescription> Backlogs { get; }

    /// <summary>What waits in each partition that it holds.</summary>
    IReadOnlyList<PartitionLag> Lags { get; }
}
