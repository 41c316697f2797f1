namespace Forewarn.Hosting;

/// <summary>The place of one entity in a registry. Everything but <see cref="Entity"/> belongs to the lease holder.</summary>
public sealed class EntitySlot<TState>(string entity)
    where TState : class, IEntityState
{
    public string Entity { get; } = entity;

    /// <summary>Null until the entity was loaded or created, and again after another replica has taken it.</summary>
    public TState? State { get; set; }

    /// <summary>State has changed since it was saved.</summary>
    public bool Changed { get; private set; }

    /// <summary>Processing time of the last message, unix milliseconds.</summary>
    public long LastUsed { get; private set; }

    /// <summary>Processing time from which a changed state is to be saved, unix milliseconds.</summary>
    internal long SaveAt { get; set; }

    /// <summary>Removed from the registry: whoever waited for it has to look again.</summary>
    internal bool Removed { get; set; }

    internal SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Notes that the state has advanced.</summary>
    public void Touch(long now)
    {
        Changed = true;
        LastUsed = now;
    }

    internal void Saved(long nextSaveAt)
    {
        Changed = false;
        SaveAt = nextSaveAt;
    }

    internal void Unsaved() => Changed = true;
}
