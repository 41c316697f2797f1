namespace Forewarn.Compliance;

public sealed class EmbeddedPubSubTests : PubSubTests
{
    protected override Task<World> StartAsync(string yaml = World.Standard) => World.StartAsync(yaml);

    protected override long? DeadLettersOf(World world) => world.Runtime.Describe().DeadLetters;
}

public sealed class EmbeddedBulkTests : BulkTests
{
    protected override Task<World> StartAsync() => World.StartAsync();
}
