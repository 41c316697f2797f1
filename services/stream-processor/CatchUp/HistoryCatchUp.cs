using System.Globalization;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>
/// Brings a state from its checkpoint to the present with raw rows from history. It is a courtesy, not a condition:
/// when history is away the entity goes on with what there is, and nobody asks again for a while.
/// </summary>
sealed class HistoryCatchUp(
    ServiceInvoker services, SchemaRegistry schemas, StreamProcessorOptions options, TimeProvider time, Telemetry telemetry, ILogger<HistoryCatchUp> logger)
{
    static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(10);

    long _awayUntil;

    /// <summary>Feeds the ticks between the state's last one and <paramref name="before"/> into the state.</summary>
    public async Task RunAsync(EntityState state, long before, CancellationToken cancellationToken)
    {
        var from = Math.Max(state.LastTick == long.MinValue ? 0 : state.LastTick + TickAssembler.GridMs, before - ((long)options.CatchUpMinutes * 60_000));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (from >= before || now < Volatile.Read(ref _awayUntil))
        {
            telemetry.CatchUp(from >= before ? "none-missing" : "skipped");
            return;
        }
        using var budget = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.CatchUpTimeoutMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        try
        {
            var ticks = await FeedAsync(state, from, before, either.Token);
            telemetry.CatchUp(ticks == 0 ? "empty" : "done");
            Log.CaughtUp(logger, state.Entity, ticks);
        }
        catch (Exception away) when (IsOutage(away) && !cancellationToken.IsCancellationRequested)
        {
            Volatile.Write(ref _awayUntil, now + (long)AskAgainAfter.TotalMilliseconds);
            telemetry.CatchUp("away");
            Log.CatchUpSkipped(logger, state.Entity, away.Message);
        }
    }

    async Task<int> FeedAsync(EntityState state, long from, long before, CancellationToken cancellationToken)
    {
        var ticks = 0;
        for (long? next = from; next < before;)
        {
            var page = await services.GetAsync(Apps.History, Path(state.Entity, next.Value, before), ContractJson.Default.RawRows, cancellationToken);
            if (page is null)
                break;
            ticks += await FeedAsync(state, page, before, cancellationToken);
            next = page.Next > next ? page.Next : null;
        }
        return ticks;
    }

    async Task<int> FeedAsync(EntityState state, RawRows page, long before, CancellationToken cancellationToken)
    {
        var byTick = new SortedDictionary<long, List<(SeriesSchema, MetricRow)>>();
        foreach (var set in page.Sets)
        {
            var schema = await schemas.GetAsync(set.Schema, cancellationToken);
            foreach (var row in set.Rows)
            {
                var tick = TickAssembler.TickOf(row.T);
                if (tick >= before || row.Values.Length != schema.Columns.Count)
                    continue;
                if (!byTick.TryGetValue(tick, out var parts))
                    byTick[tick] = parts = [];
                parts.Add((schema, row));
            }
        }
        var ticks = 0;
        foreach (var (tick, parts) in byTick)
            ticks += state.Replay(tick, parts) ? 1 : 0;
        return ticks;
    }

    static string Path(string entity, long from, long to) =>
        string.Create(CultureInfo.InvariantCulture, $"v1/raw?entity={Uri.EscapeDataString(entity)}&from={from}&to={to}");

    static bool IsOutage(Exception error) => error is HttpRequestException or OperationCanceledException or JsonException
        or SchemaMissingException or Dapr.DaprException or IOException;
}
