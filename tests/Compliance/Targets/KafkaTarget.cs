namespace Forewarn.Compliance;

/// <summary>The dev-sidecar in this process, with Kafka over the wire.</summary>
sealed class KafkaTarget(KafkaFixture kafka) : ITarget
{
    public bool IsDapr => false;

    public bool TakesSlashesInTopics => kafka.IsMock;

    public async Task<IWorld> StartAsync(string yaml = World.Standard, TimeSpan? blockShutdown = null) => await World.StartAsync(
        Components.WithKafka(yaml, [Components.OwnGroup(), .. Components.QuickGroup]), kafka.Settings, o => o with { BlockShutdown = blockShutdown });
}
