namespace Forewarn.Compliance;

public sealed class KafkaPubSubTests(KafkaFixture kafka) : PubSubTests, IClassFixture<KafkaFixture>
{
    protected override Task<World> StartAsync(string yaml = World.Standard) => kafka.StartWorldAsync(yaml, ("consumerGroup", $"{{appID}}-{Guid.NewGuid():N}"));

    /// <summary>Only the embedded log is counted.</summary>
    protected override long? DeadLettersOf(World world) => null;
}

public sealed class KafkaBulkTests(KafkaFixture kafka) : BulkTests, IClassFixture<KafkaFixture>
{
    protected override Task<World> StartAsync() => kafka.StartWorldAsync(metadata: ("consumerGroup", $"{{appID}}-{Guid.NewGuid():N}"));
}
