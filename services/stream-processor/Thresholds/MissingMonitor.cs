using System.Text.Json;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.StreamProcessor;

/// <summary>
/// Looks every second whether series are missing of entities that send nothing at all: no tick of theirs could tell. It is judged as
/// silence is: on the clock of the entity's door, not while that or our own stream is late, and history is asked first, since another
/// replica may have the entity. Entities that go on are judged tick by tick.
/// </summary>
sealed class MissingMonitor(
    EntityRegistry<EntityState> registry, RuleBook rules, SourceClock sources, LastSeen lastSeen, FeatureOutlet outlet,
    StreamProcessorOptions options, TimeProvider time, ILogger<MissingMonitor> logger) : BackgroundService
{
    /// <summary>What is missing is told so often while it lasts, and history is asked so often about an entity that it has seen elsewhere.</summary>
    const long RepeatMs = 10_000;

    static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    readonly SilenceWatch _watch = new(registry, sources, options);
    readonly Dictionary<string, long> _nextLook = new(StringComparer.Ordinal);

    /// <summary>One round; returns how many entities something was told of.</summary>
    public async Task<int> CheckAsync(CancellationToken cancellationToken)
    {
        if (!rules.Current.HasMissing)
            return 0;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var candidates = Candidates(now);
        if (candidates.Count == 0)
            return 0;
        var seen = await lastSeen.ReadAsync(cancellationToken);
        var newest = seen.Count == 0 ? long.MinValue / 2 : seen.Values.Max();
        var told = 0;
        foreach (var (entity, state, source) in candidates)
        {
            var elsewhere = seen.TryGetValue(entity, out var last) && last >= state.LastTick + TickAssembler.GridMs;
            if (elsewhere)
                _nextLook[entity] = now + RepeatMs;
            else if (SilenceRules.HasPassed(newest, state.Life, state.LastTick))
                told += await TellAsync(entity, source, now, cancellationToken) ? 1 : 0;
        }
        return told;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception outage) when (outage is HttpRequestException or RpcException or JsonException && !stoppingToken.IsCancellationRequested)
            {
                Log.MissingUnknown(logger, outage.Message);
            }
        }
    }

    // Without a lease: an entity that is changing this moment is not silent.
    List<(string Entity, EntityState State, SourceProgress Source)> Candidates(long now)
    {
        foreach (var over in _nextLook.Where(look => look.Value <= now).Select(look => look.Key).ToList())
            _nextLook.Remove(over);
        var candidates = new List<(string, EntityState, SourceProgress)>();
        foreach (var slot in registry.Slots)
        {
            if (slot.State is not { } state || state.Thresholds.MissingFrom == long.MaxValue || _nextLook.ContainsKey(slot.Entity)
                || sources.Of(state.Life.Source) is not { } source || source.NewestEvent < state.Thresholds.MissingFrom)
                continue;
            if (state.Life.LastHeard >= 0 && SilenceRules.DueInMs(state.Life, source, now) < 0 && !source.IsLate(now) && !_watch.IsDoubted(state.Life, source, now))
                candidates.Add((slot.Entity, state, source));
        }
        return candidates;
    }

    async Task<bool> TellAsync(string entity, SourceProgress source, long now, CancellationToken cancellationToken)
    {
        using var lease = registry.TryLease(entity);
        if (lease?.Slots[0].State is not { } state)
            return false;
        if (state.TellMissing(source.NewestEvent, now) == 0)
            return false;
        await outlet.FlushAsync(lease.Slots, cancellationToken);
        _nextLook[entity] = now + RepeatMs;
        return true;
    }
}
