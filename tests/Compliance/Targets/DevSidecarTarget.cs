namespace Forewarn.Compliance;

/// <summary>The dev-sidecar in this process, with its embedded log.</summary>
sealed class DevSidecarTarget : ITarget
{
    public static DevSidecarTarget Instance { get; } = new();

    public bool IsDapr => false;

    public bool TakesSlashesInTopics => true;

    public async Task<IWorld> StartAsync(string yaml = World.Standard, TimeSpan? blockShutdown = null) =>
        await World.StartAsync(yaml, adjust: o => o with { BlockShutdown = blockShutdown });
}
