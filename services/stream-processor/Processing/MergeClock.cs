using System.Threading.Channels;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.StreamProcessor;

/// <summary>
/// Closes ticks whose merge time is over although something is missing. Asleep unless a tick waits; the merge time is
/// the same for all, so first come is first due.
/// </summary>
sealed class MergeClock(
    EntityRegistry<EntityState> registry, FeatureOutlet outlet, TimeProvider time, Telemetry telemetry, ILogger<MergeClock> logger) : BackgroundService
{
    static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    readonly Channel<(string Entity, long DueAt)> _waiting = Channel.CreateUnbounded<(string, long)>(new UnboundedChannelOptions { SingleReader = true });

    public void Schedule(string entity, long dueAt) => _waiting.Writer.TryWrite((entity, dueAt));

    /// <summary>Closes what is due among the entities, or everything when forced, and publishes it.</summary>
    public async Task CloseAsync(IReadOnlyCollection<string> entities, bool force, CancellationToken cancellationToken)
    {
        using var lease = await registry.LeaseAsync(entities, cancellationToken);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var slot in lease.Slots)
        {
            if (slot.State is not { } state)
                continue;
            var closed = state.Close(now, force);
            if (closed > 0)
            {
                slot.Touch(now);
                telemetry.Ticks(state.TickCadenceMs, closed, 0);
            }
            if (state.Assembler.OpenCount > 0)
                Schedule(slot.Entity, state.Assembler.DueAt);
        }
        await outlet.FlushAsync(lease.Slots, cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var open = registry.Slots.Where(slot => slot.State is { } state && (state.Assembler.OpenCount > 0 || state.HasUnpublished))
            .Select(slot => slot.Entity).ToList();
        await TryCloseAsync(open, force: true, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var due = new List<string>();
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            due.Clear();
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            while (_waiting.Reader.TryPeek(out var next) && next.DueAt <= now && _waiting.Reader.TryRead(out next))
                due.Add(next.Entity);
            if (due.Count > 0)
                await TryCloseAsync(due, force: false, stoppingToken);
            else if (_waiting.Reader.TryPeek(out var first))
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, first.DueAt - now)), time, stoppingToken);
        }
    }

    async Task TryCloseAsync(List<string> entities, bool force, CancellationToken cancellationToken)
    {
        if (entities.Count == 0)
            return;
        try
        {
            await CloseAsync(entities, force, cancellationToken);
        }
        catch (Exception outage) when (outage is RpcException or Dapr.DaprException)
        {
            Log.PublishFailed(logger, outage);
            var again = (time.GetUtcNow() + AfterFailure).ToUnixTimeMilliseconds();
            foreach (var entity in entities)
                Schedule(entity, again);
        }
    }
}
