using System.Diagnostics;
using NpgsqlTypes;

namespace Forewarn.Bench.History;

/// <summary>What a layout costs.</summary>
/// <param name="SamplesPerSecond">Committed, all writers together.</param>
/// <param name="WriterMicroseconds">CPU of the writing process per sample.</param>
/// <param name="ServerMicroseconds">CPU of PostgreSQL per sample; null when it runs elsewhere.</param>
/// <param name="BytesPerSample">Table and index; 0 when it was not asked for.</param>
/// <param name="ChartMs">Median of an hour of one series by 10 s; null when SQL cannot read it.</param>
sealed record LayoutCost(string Layout, double SamplesPerSecond, double WriterMicroseconds, double? ServerMicroseconds, double BytesPerSample, double? ChartMs);

/// <summary>Bare binary COPY of the same ticks into each layout, nothing else done.</summary>
sealed class LayoutBench(BenchDatabase database, int writers, int rowsPerCommit)
{
    const int Charts = 30;

    /// <param name="layout">Where to.</param>
    /// <param name="ticks">Per entity, in order.</param>
    public async Task<LayoutCost> RunAsync(Layout layout, IReadOnlyList<Tick[]> ticks)
    {
        await CreateAsync(layout);
        await database.ExecuteAsync("CHECKPOINT");
        var cost = await StoreAsync(layout, ticks);
        await database.ExecuteAsync("VACUUM (ANALYZE) layout");
        return cost with { BytesPerSample = (double)await database.BytesAsync("layout") / SamplesOf(ticks), ChartMs = await ChartAsync(layout, ticks) };
    }

    /// <summary>An empty table.</summary>
    public async Task CreateAsync(Layout layout)
    {
        await database.ExecuteAsync("DROP TABLE IF EXISTS layout");
        await database.ExecuteAsync(layout.Create);
    }

    /// <summary>Adds ticks to the table that was created last; tells the cost of that alone.</summary>
    public async Task<LayoutCost> StoreAsync(Layout layout, IReadOnlyList<Tick[]> ticks)
    {
        var (commits, samples) = (Commits(layout, ticks), SamplesOf(ticks));
        var (server, own, watch) = (database.CpuSeconds(), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        await Parallel.ForEachAsync(
            commits, new ParallelOptions { MaxDegreeOfParallelism = writers }, async (commit, _) => await WriteAsync(layout, commit));
        var seconds = watch.Elapsed.TotalSeconds;
        var writer = Process.GetCurrentProcess().TotalProcessorTime - own;
        return new LayoutCost(layout.Name, samples / seconds, writer.TotalMicroseconds / samples, (database.CpuSeconds() - server) * 1e6 / samples, 0, null);
    }

    static long SamplesOf(IReadOnlyList<Tick[]> ticks) => ticks.Sum(entity => (long)entity.Length * entity[0].Values.Length);

    /// <summary>What goes into one transaction: as many rows of as many entities as a delivery has; minutes by minutes.</summary>
    List<List<ArraySegment<Tick>>> Commits(Layout layout, IReadOnlyList<Tick[]> ticks)
    {
        var rows = new List<ArraySegment<Tick>>();
        for (var at = 0; at < ticks[0].Length; at += layout.Ticks)
            rows.AddRange(ticks.Select(entity => new ArraySegment<Tick>(entity, at, Math.Min(layout.Ticks, entity.Length - at))));
        return [.. rows.Chunk(Math.Max(1, rowsPerCommit / layout.Ticks)).Select(chunk => chunk.ToList())];
    }

    async Task WriteAsync(Layout layout, List<ArraySegment<Tick>> commit)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var copy = await connection.BeginBinaryImportAsync(layout.Copy))
        {
            foreach (var ticks in commit)
                await layout.WriteAsync(copy, ticks);
            await copy.CompleteAsync();
        }
        await transaction.CommitAsync();
    }

    async Task<double?> ChartAsync(Layout layout, IReadOnlyList<Tick[]> ticks)
    {
        if (layout.Chart is null)
            return null;
        var random = new Random(1);
        var times = new List<double>();
        for (var i = 0; i < Charts; i++)
        {
            var entity = ticks[random.Next(ticks.Count)];
            await using var command = database.Source.CreateCommand(layout.Chart);
            command.Parameters.Add(new() { Value = entity[0].Entity });
            command.Parameters.Add(new() { Value = random.Next(entity[0].Values.Length) + 1 });
            command.Parameters.Add(new() { Value = entity[0].T, NpgsqlDbType = NpgsqlDbType.TimestampTz });
            command.Parameters.Add(new() { Value = entity[0].T.AddHours(1), NpgsqlDbType = NpgsqlDbType.TimestampTz });
            var start = Stopwatch.GetTimestamp();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                // Reading is what is timed.
            }
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        return times[times.Count / 2];
    }
}
