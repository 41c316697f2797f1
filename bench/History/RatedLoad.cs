using System.Diagnostics;
using Forewarn.Contracts;

namespace Forewarn.Bench.History;

/// <summary>What storing costs at a steady load.</summary>
/// <param name="SamplesPerSecond">Samples stored; as many scores as entities beside them.</param>
/// <param name="HistoryCores">Average number of cores that history used, roll-ups included.</param>
/// <param name="ServerCores">PostgreSQL's; null when it runs elsewhere.</param>
/// <param name="ResidentBytes">Memory of history at the end.</param>
/// <param name="RawBytesPerSample">Ticks and scores with their indexes, as they come.</param>
/// <param name="PackedBytesPerSample">The same when their minute is packed; null when nothing was.</param>
/// <param name="RollUpBytesPerSample">All levels, for what was rolled up; null when nothing was.</param>
/// <param name="BehindSeconds">How late the latest delivery began.</param>
sealed record RatedCost(
    double SamplesPerSecond, double HistoryCores, double? ServerCores, long ResidentBytes, double RawBytesPerSample, double? PackedBytesPerSample, double? RollUpBytesPerSample, double BehindSeconds)
{
    /// <summary>Rows are dropped by the hour, an hour after they were packed, when history keeps house.</summary>
    const double MostUnpackedHours = 2.25;

    /// <summary>GB of a day at this rate, packed where that was done, roll-ups too.</summary>
    public double GigabytesPerDay => SamplesPerSecond * 86_400 * ((PackedBytesPerSample ?? RawBytesPerSample) + (RollUpBytesPerSample ?? 0)) / 1e9;

    /// <summary>GB of rows that wait to be packed, or to be dropped after it, at most: the same on every day.</summary>
    public double UnpackedGigabytes => PackedBytesPerSample is null ? 0 : SamplesPerSecond * 3_600 * MostUnpackedHours * RawBytesPerSample / 1e9;
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
        var stored = await RawBytesAsync() - raw;
        var after = await RolledAsync();
        var minutes = (after.Until - begin).TotalMinutes;
        return new RatedCost(
            samples / elapsed, used / elapsed, served / elapsed, history.ResidentBytes(), (double)stored / samples,
            await PackedBytesAsync(), minutes >= 1 ? (after.Bytes - rolled.Bytes) / (minutes * 60 * samples / seconds) : null, behind);
    }

    /// <summary>Rows as they come.</summary>
    async Task<long> RawBytesAsync()
    {
        var bytes = 0L;
        foreach (var table in new[] { "ticks", "predictions" })
            bytes += await database.BytesAsync($"history.{table}") + await database.BytesAsync($"history.{table}_recent");
        return bytes;
    }

    /// <summary>Bytes of all that is packed, per sample of it; a score counts as those of its tick.</summary>
    async Task<double?> PackedBytesAsync()
    {
        var (ticks, scores) = (await RowsAsync("ticks_packed"), await RowsAsync("predictions_packed"));
        return ticks == 0 || scores == 0 ? null
            : ((await database.BytesAsync("history.ticks_packed") / (double)ticks) + (await database.BytesAsync("history.predictions_packed") / (double)scores)) / series;
    }

    Task<long> RowsAsync(string table) => database.ScalarAsync<long>($"SELECT coalesce(sum(cardinality(offsets)), 0)::bigint FROM history.{table}");

    /// <summary>Bytes of the roll-ups, and how far they reach.</summary>
    async Task<(long Bytes, DateTime Until)> RolledAsync()
    {
        var bytes = 0L;
        foreach (var level in new[] { "10s", "1m", "1h" })
            bytes += await database.BytesAsync($"history.ticks_{level}") + await database.BytesAsync($"history.predictions_{level}");
        return (bytes, await database.ScalarAsync<DateTime>("SELECT coalesce(min(rolled), 'epoch') FROM history.roll_ups"));
    }
}
