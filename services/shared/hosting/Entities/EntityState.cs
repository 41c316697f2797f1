namespace Forewarn.Hosting;

/// <summary>What a service remembers about one entity. Only the holder of the entity's lease may touch it.</summary>
public interface IEntityState
{
    /// <summary>Event time up to which this state has advanced, unix milliseconds; of two states the later one is the truth.</summary>
    long LastTick { get; }

    /// <summary>Something was produced and not yet acknowledged by the broker: such a state must not become a checkpoint.</summary>
    bool HasUnpublished { get; }

    void Write(BinaryWriter writer);
}

/// <summary>How states come to be.</summary>
/// <param name="New">For an entity nobody knows.</param>
/// <param name="Read">From a checkpoint; throws <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/> when it cannot be read.</param>
public sealed record EntityStateFactory<TState>(Func<string, TState> New, Func<string, BinaryReader, TState> Read);

/// <summary>How states are kept.</summary>
public sealed record EntityKeeping
{
    /// <summary>A changed state is saved after this long.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An entity without messages leaves memory after this long; its checkpoint stays.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The checkpoint of an entity without messages is forgotten after this long.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Checkpoints saved at the same time.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Bytes of checkpoints per second; with very many entities saving takes longer rather than starve the stream.</summary>
    public int BytesPerSecond { get; init; } = 4 * 1024 * 1024;
}
