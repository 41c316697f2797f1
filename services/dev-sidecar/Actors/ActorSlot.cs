using DevSidecar.Api;
using Grpc.Core;

namespace DevSidecar.Actors;

/// <summary>One actor while it is active or called: its turn lock, where it is active, its timers.</summary>
sealed class ActorSlot(ActorId id) : IDisposable
{
    readonly SemaphoreSlim _turn = new(1);
    string? _holder;
    int _depth;
    int _waiting;

    public ActorId Id => id;

    /// <summary>The replica on which the actor is active.</summary>
    public AppSidecar? Host { get; set; }

    public DateTimeOffset LastUsed { get; set; }

    /// <summary>Calls that hold or wait for the turn; guarded by the table's lock.</summary>
    public int Users { get; set; }

    /// <summary>Calls that wait for the turn.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public Dictionary<string, ActorTimer> Timers { get; } = new(StringComparer.Ordinal);

    public int TimerCount
    {
        get
        {
            lock (Timers)
            {
                return Timers.Count;
            }
        }
    }

    /// <summary>Waits for the turn. A call of the chain that holds it goes in at once.</summary>
    public async Task<IDisposable> EnterAsync(string? reentrancyId, int maxDepth, CancellationToken cancellationToken)
    {
        if (reentrancyId is not null && _holder == reentrancyId)
        {
            if (Interlocked.Increment(ref _depth) > maxDepth)
            {
                Interlocked.Decrement(ref _depth);
                throw new ApiException(500, StatusCode.Internal, "ERR_ACTOR_MAX_STACK_DEPTH_EXCEEDED", $"maximum stack depth exceeded for actor {id}");
            }

            return new Exit(() => Interlocked.Decrement(ref _depth));
        }

        Interlocked.Increment(ref _waiting);
        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        (_holder, _depth) = (reentrancyId, 1);
        return new Exit(() =>
        {
            _holder = null;
            _turn.Release();
        });
    }

    public void Dispose()
    {
        CancelTimers();
        _turn.Dispose();
    }

    public void CancelTimers()
    {
        lock (Timers)
        {
            foreach (var timer in Timers.Values)
            {
                timer.Cancel();
            }

            Timers.Clear();
        }
    }

    sealed class Exit(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
