using System.Collections.Concurrent;
using System.Text.Json;
using DevSidecar.Api;
using DevSidecar.Apps;
using DevSidecar.Resiliency;
using Grpc.Core;

namespace DevSidecar.Actors;

/// <summary>
/// Actors of all apps of the runtime: placement over the ready replicas, one turn at a time per actor wherever it lives,
/// lazy activation, idle deactivation, failover. The turn lock is the runtime's, so an actor that moves is deactivated at
/// its old place before its first call at the new one.
/// </summary>
sealed class ActorRuntime : IAsyncDisposable
{
    const int NoHostRetries = 5;
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Lock _lock = new();
    readonly Dictionary<string, List<AppSidecar>> _hosts = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<ActorId, ActorSlot> _slots = new();
    readonly ITimer _idle;
    bool _idleRunning;

    public ActorRuntime(string remindersFile, TimeProvider time, ILogger logger)
    {
        (_time, _logger) = (time, logger);
        _idle = time.CreateTimer(_ => _ = DeactivateIdleAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Reminders = new(this, remindersFile, time, logger);
    }

    public ReminderScheduler Reminders { get; }

    public Task JoinAsync(AppSidecar app)
    {
        lock (_lock)
        {
            foreach (var type in app.ActorHost?.Entities ?? (IEnumerable<string>)[])
            {
                if (!_hosts.TryGetValue(type, out var hosts))
                {
                    _hosts[type] = hosts = [];
                }

                hosts.Add(app);
            }
        }

        Reminders.HostsChanged();
        return Task.CompletedTask;
    }

    /// <summary>The replica hosts no longer. A living app is told to deactivate; a dead one is simply forgotten.</summary>
    public async Task LeaveAsync(AppSidecar app)
    {
        lock (_lock)
        {
            foreach (var hosts in _hosts.Values)
            {
                hosts.Remove(app);
            }
        }

        foreach (var slot in _slots.Values.Where(s => s.Host == app))
        {
            if (app.State == AppSidecarState.Stopped)
            {
                await TellDeactivatedAsync(slot, app);
            }

            Forget(slot, app);
        }
    }

    /// <summary>The replica an actor belongs to now; null when nobody hosts its type.</summary>
    public AppSidecar? Owner(ActorId id)
    {
        lock (_lock)
        {
            return _hosts.TryGetValue(id.Type, out var hosts) ? Placement.Choose(hosts, static h => h.InstanceId, id) : null;
        }
    }

    public bool IsHosted(string type)
    {
        lock (_lock)
        {
            return _hosts.TryGetValue(type, out var hosts) && hosts.Count > 0;
        }
    }

    public bool IsActiveOn(ActorId id, AppSidecar app) => _slots.TryGetValue(id, out var slot) && slot.Host == app;

    public IEnumerable<(string Type, int Count)> ActiveOn(AppSidecar app) =>
        _slots.Values.Where(s => s.Host == app).GroupBy(s => s.Id.Type, StringComparer.Ordinal).Select(g => (g.Key, g.Count()));

    /// <summary>Of every type the replica hosts.</summary>
    public IEnumerable<ActorTypeCounts> CountsOn(AppSidecar app) => (app.ActorHost?.Entities ?? (IEnumerable<string>)[]).Select(type =>
    {
        var slots = _slots.Values.Where(s => s.Id.Type == type && s.Host == app).ToList();
        return new ActorTypeCounts(type, slots.Sum(s => s.Waiting), slots.Sum(s => s.TimerCount), Reminders.Count(id => id.Type == type && Owner(id) == app));
    });

    /// <summary>Calls an actor, wherever it belongs now, under the policies of the caller's sidecar.</summary>
    public async Task<ActorReply> CallAsync(ActorId id, ActorCall call, Guards guards, CancellationToken cancellationToken)
    {
        try
        {
            return await guards.Actor(id.Type, id.Id).RunAsync(
                async token =>
                {
                    await WaitForHostAsync(id, token);
                    return await TryTurnAsync(id, call, guards, token);
                },
                static reply => reply switch
                {
                    null => Outcome.Unreachable,
                    { Succeeded: true } => Outcome.Success,
                    { Status: 404 } => Outcome.Final,
                    _ => Outcome.HttpFailure(reply.Status),
                },
                static _ => Outcome.Final,
                cancellationToken)
                ?? throw Failed($"the host of {id} cannot be reached");
        }
        catch (Exception e) when (e is TimeoutException or CircuitOpenException)
        {
            throw Failed(e.Message);
        }
    }

    /// <summary>For timers and reminders: false when the call failed in whatever way.</summary>
    public async Task<bool> TryCallAsync(ActorId id, ActorCall call) => (await TryCallForReplyAsync(id, call)) is { Succeeded: true };

    public async Task<ActorReply?> TryCallForReplyAsync(ActorId id, ActorCall call)
    {
        try
        {
            // The runtime's own calls go out as the host's would.
            await WaitForHostAsync(id, CancellationToken.None);
            if (Owner(id)?.Guards is not { } guards)
            {
                return null;
            }

            var reply = await CallAsync(id, call, guards, CancellationToken.None);
            if (!reply.Succeeded)
            {
                Log.ActorCallFailed(_logger, id.Type, id.Id, call.Path, $"status {reply.Status}");
            }

            return reply;
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            Log.ActorCallFailed(_logger, id.Type, id.Id, call.Path, e.Message);
            return null;
        }
    }

    public void AddTimer(ActorId id, AppSidecar app, string name, JsonElement request)
    {
        if (!_slots.TryGetValue(id, out var slot) || slot.Host != app)
        {
            throw new ApiException(500, StatusCode.Internal, "ERR_ACTOR_TIMER_CREATE", $"error creating actor timer: actor {id} is not active here");
        }

        var schedule = Schedule.Parse(request, _time.GetUtcNow());
        lock (slot.Timers)
        {
            if (slot.Timers.Remove(name, out var earlier))
            {
                earlier.Cancel();
            }

            slot.Timers[name] = new(this, slot, name, schedule, request, _time);
        }
    }

    public void RemoveTimer(ActorId id, string name)
    {
        if (_slots.TryGetValue(id, out var slot))
        {
            lock (slot.Timers)
            {
                if (slot.Timers.Remove(name, out var timer))
                {
                    timer.Cancel();
                }
            }
        }
    }

    public static void RemoveTimer(ActorSlot slot, string name, ActorTimer timer)
    {
        timer.Cancel();
        lock (slot.Timers)
        {
            if (slot.Timers.TryGetValue(name, out var current) && current == timer)
            {
                slot.Timers.Remove(name);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _idle.DisposeAsync();
        await Reminders.DisposeAsync();
        foreach (var slot in _slots.Values)
        {
            slot.Dispose();
        }
    }

    static ApiException Failed(string reason) => new(500, StatusCode.Internal, "ERR_ACTOR_INVOKE_METHOD", "error invoke actor method: " + reason);

    async Task WaitForHostAsync(ActorId id, CancellationToken cancellationToken)
    {
        for (var retries = 0; Owner(id) is null; retries++)
        {
            if (retries == NoHostRetries)
            {
                throw new ApiException(404, StatusCode.NotFound, "ERR_ACTOR_NO_ADDRESS", $"did not find address for actor {id.Type}/{id.Id}");
            }

            await Task.Delay(RetryDelay, _time, cancellationToken);
        }
    }

    /// <summary>One turn; null when the host could not be reached and the call is to be tried again.</summary>
    async Task<ActorReply?> TryTurnAsync(ActorId id, ActorCall call, Guards guards, CancellationToken cancellationToken)
    {
        var slot = Use(id);
        try
        {
            var configuration = Owner(id)?.ActorHost;
            var chain = configuration is { Reentrant: true } ? call.ReentrancyId ?? Guid.NewGuid().ToString() : null;
            using var turn = await slot.EnterAsync(chain, configuration?.MaxStackDepth ?? 32, cancellationToken);
            if (Owner(id) is not { } host)
            {
                return null;
            }

            if (slot.Host is { } former && former != host)
            {
                await TellDeactivatedAsync(slot, former);
                Forget(slot, former);
            }

            if (slot.Host is null && call.OnlyIfActive)
            {
                return new(200, [], null, []);
            }

            slot.Host = host;
            slot.LastUsed = _time.GetUtcNow();
            WatchIdle();
            return await guards.ActorTurn(id.Type).RunAsync(token => SendAsync(slot, host, call, chain, token), null, static _ => Outcome.Final, cancellationToken);
        }
        finally
        {
            Release(slot);
        }
    }

    async Task<ActorReply?> SendAsync(ActorSlot slot, AppSidecar host, ActorCall call, string? chain, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await ActorChannel.SendAsync(host.Channel, slot.Id, call, chain, cancellationToken);
            slot.LastUsed = _time.GetUtcNow();
            return reply;
        }
        catch (HttpRequestException)
        {
            if (!await ((IAppPort)host).IsAliveAsync(cancellationToken))
            {
                Forget(slot, host);
            }

            return null;
        }
    }

    ActorSlot Use(ActorId id)
    {
        lock (_lock)
        {
            var slot = _slots.GetOrAdd(id, static i => new(i));
            slot.Users++;
            return slot;
        }
    }

    void Release(ActorSlot slot)
    {
        lock (_lock)
        {
            if (--slot.Users == 0 && slot.Host is null)
            {
                _slots.TryRemove(slot.Id, out _);
            }
        }
    }

    static void Forget(ActorSlot slot, AppSidecar host)
    {
        if (slot.Host == host)
        {
            slot.Host = null;
            slot.CancelTimers();
        }
    }

    async Task TellDeactivatedAsync(ActorSlot slot, AppSidecar host)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await ActorChannel.DeactivateAsync(host.Channel, slot.Id, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            Log.ActorCallFailed(_logger, slot.Id.Type, slot.Id.Id, "deactivate", e.Message);
        }
    }

    void WatchIdle()
    {
        lock (_lock)
        {
            if (!_idleRunning)
            {
                _idleRunning = true;
                _idle.Change(ScanInterval(), Timeout.InfiniteTimeSpan);
            }
        }
    }

    TimeSpan ScanInterval()
    {
        var shortest = _hosts.Values.SelectMany(h => h).Select(h => h.ActorHost?.IdleTimeout ?? TimeSpan.MaxValue).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        return shortest / 2 < TimeSpan.FromSeconds(30) ? TimeSpan.FromMilliseconds(Math.Max(250, shortest.TotalMilliseconds / 2)) : TimeSpan.FromSeconds(30);
    }

    async Task DeactivateIdleAsync()
    {
        foreach (var slot in _slots.Values.Where(IsIdle))
        {
            var used = Use(slot.Id);
            try
            {
                using var turn = await used.EnterAsync(null, 32, CancellationToken.None);
                if (used.Host is { } host && IsIdle(used))
                {
                    await TellDeactivatedAsync(used, host);
                    Forget(used, host);
                }
            }
            finally
            {
                Release(used);
            }
        }

        lock (_lock)
        {
            _idleRunning = !_slots.IsEmpty;
            if (_idleRunning)
            {
                _idle.Change(ScanInterval(), Timeout.InfiniteTimeSpan);
            }
        }
    }

    bool IsIdle(ActorSlot slot) => slot.Host is { ActorHost: { } configuration } && _time.GetUtcNow() - slot.LastUsed >= configuration.IdleTimeout;
}
