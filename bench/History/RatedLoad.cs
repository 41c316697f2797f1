using System.Diagnostics;
using Forewarn.Contracts;

namespace Forewarn.Bench.History;

/// <summary>What storing costs at a steady load.</summary>
/// <param name="SamplesPerSecond">Samples stored; as many scores as entities beside them.</param>
/// <param name="HistoryCores">Average number of cores that history used, roll-ups included.</param>
/// <param name="ServerCores">PostgreSQL's; null when it runs elsewhere.</param>
/// <param name="ResidentBytes">Memory of history at the end.</param>
/// <param name="RawBytesPerSample">Ticks and scores with their indexes.</param>
/// <param name="RollUpBytesPerSample">All levels, for what was rolled up; null when nothing was.</param>
/// <param name="BehindSeconds">How late the latest delivery began.</param>
sealed record RatedCost(
    double SamplesPerSecond, double HistoryCores, double? ServerCores, long ResidentBytes, double RawBytesPerSample, double? RollUpBytesPerSample, double BehindSeconds)
{
    /// <summary>GB of a day at this rate, roll-ups too.</summary>
    public double GigabytesPerDay => SamplesPerSecond * 86_400 * (RawBytesPerSample + (RollUpBytesPerSample ?? 0)) / 1e9;
}

/// <summary>A fleet's ticks and the scores on them as they happen, delivered five times a second.</summary>
sealed class RatedLoad(BenchDatabase database, HistoryProcess history, Deliveries deliveries, HostTicks fleet, int series)
{
    const int PerSecond = 5;

    public async Task<RatedCost> RunAsync(int seconds)
    {
        // Whole minutes from the next one: what was rolled up can then be told.
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var begin = now.Date.AddMinutes(Math.Ceiling((now - now.Date).TotalMinutes));
        await Task.Delay(begin - now);
        var (raw, rolled) = (await RawBytesAsync(), await RolledAsync());
        var (own, server, watch) = (history.CpuSeconds(), database.CpuSeconds(), Stopwatch.StartNew());
        var (samples, behind) = (0L, 0.0);
        for (var second = 0; second < seconds; second++)
        {
            var ticks = fleet.Fleet(begin.AddSeconds(second));
            foreach (var (part, chunk) in ticks.Chunk((ticks.Length + PerSecond - 1) / PerSecond).Index())
            {
                var due = TimeSpan.FromSeconds(second + ((double)part / PerSecond));
                if (due > watch.Elapsed)
                    await Task.Delay(due - watch.Elapsed);
                behind = Math.Max(behind, (watch.Elapsed - due).TotalSeconds);
                ArraySegment<Tick>[] messages = [.. chunk.Select(tick => new ArraySegment<Tick>([tick]))];
                await Task.WhenAll(
                    history.DeliverAsync(Topics.MetricsRaw, deliveries.Raw(messages)),
                    history.DeliverAsync(Topics.Predictions, deliveries.Predictions(messages)));
                samples += (long)chunk.Length * series;
            }
        }
        var elapsed = watch.Elapsed.TotalSeconds;
        var (used, served) = (history.CpuSeconds() - own, database.CpuSeconds() - server);
        var after = await RolledAsync();
        var minutes = (after.Until - begin).TotalMinutes;
        return new RatedCost(
            samples / elapsed, used / elapsed, served / elapsed, history.ResidentBytes(), (double)(await RawBytesAsync() - raw) / samples,
            minutes >= 1 ? (after.Bytes - rolled.Bytes) / (minutes * 60 * samples / seconds) : null, behind);
    }

    async Task<long> RawBytesAsync() => await database.BytesAsync("history.ticks") + await database.BytesAsync("history.predictions");

    /// <summary>Bytes of the roll-ups, and how far they reach.</summary>
    async Task<(long Bytes, DateTime Until)> RolledAsync()
    {
        var bytes = 0L;
        foreach (var level in new[] { "10s", "1m", "1h" })
            bytes += await database.BytesAsync($"history.ticks_{level}") + await database.BytesAsync($"history.predictions_{level}");
        return (bytes, await database.ScalarAsync<DateTime>("SELECT coalesce(min(rolled), 'epoch') FROM history.roll_ups"));
    }
}
