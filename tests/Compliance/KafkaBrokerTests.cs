namespace Forewarn.Compliance;

public sealed class KafkaPubSubTests(KafkaFixture kafka) : PubSubTests, IClassFixture<KafkaFixture>
{
    protected override Task<World> StartAsync(string yaml = World.Standard) => kafka.StartWorldAsync(yaml);

    protected override long DeadLettersOf(World world) => 1;
}

public sealed class KafkaBulkTests(KafkaFixture kafka) : BulkTests, IClassFixture<KafkaFixture>
{
    protected override Task<World> StartAsync() => kafka.StartWorldAsync();
}
