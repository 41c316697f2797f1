namespace Forewarn.Compliance;

/// <summary>What the cases run on: the dev-sidecar or Dapr itself.</summary>
public interface ITarget
{
    /// <summary>Dapr itself. Where the dev-sidecar differs on purpose, a case asserts each one's side: see the table in its README.</summary>
    bool IsDapr { get; }

    /// <summary>A real Kafka takes no slash in the name of a topic.</summary>
    bool TakesSlashesInTopics { get; }

    /// <summary>A world for one test. A target that cannot offer what a test needs skips it and says why, here and later.</summary>
    /// <param name="yaml">Components and other resources.</param>
    /// <param name="blockShutdown">How long a sidecar that is told to stop goes on answering; null = not at all.</param>
    Task<IWorld> StartAsync(string yaml = World.Standard, TimeSpan? blockShutdown = null);
}
