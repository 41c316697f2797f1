namespace Forewarn.Compliance;

/// <summary>The dev-sidecar in this process, with Kafka over the wire.</summary>
sealed class KafkaTarget(KafkaFixture kafka) : ITarget
{
    public bool IsDapr => false;

    public bool TakesSlashesInTopics => kafka.IsMock;

    public async Task<IWorld> StartAsync(string yaml = World.Standard) => await kafka.StartWorldAsync(yaml, Components.OwnGroup());
}
