using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// Keeps the roll-ups: seals each minute shortly after its end and rolls it up, hours when they are complete, then minutes that got rows later,
/// then what was stored before there were roll-ups. Each step is one transaction from what is stored to how far it reaches,
/// one replica at a time, so a step that is done again or fails midway counts nothing twice. See docs/adr/0002-roll-ups.md.
/// </summary>
sealed class Roller(NpgsqlDataSource database, Partitions partitions, HistoryOptions options, Telemetry telemetry, TimeProvider time)
{
    const int Lock = 0x526F6C6C;

    /// <summary>Work per call is bounded; the next call goes on.</summary>
    const int MostSteps = 60, MostRows = 1_000_000, MostLate = 2_000;

    /// <summary>Nobody waits for the past: a step of more rows than this is the last one of its minute.</summary>
    const int MostBackfillRows = 100_000;

    const long BackfillStep = 600_000;

    /// <summary>Rows usually arrive sooner after their minute's end; later ones cost a second roll-up of it.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly IStreamRoller[] _streams = [new TickRoller(partitions), new ScoreRoller(partitions)];
    DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Does what is due, at most a bounded amount.</summary>
    /// <returns>Whether nothing is left for the next call.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _next)
            return true;
        var seal = Level.Minute.Floor((now - Patience).ToUnixTimeMilliseconds());
        var done = true;
        foreach (var stream in _streams)
        {
            await Seal.MoveAsync(database, stream.Table.Stream, Level.Hour.Floor(seal), seal, cancellationToken);
            done &= await RunAsync(stream, cancellationToken);
        }
        if (done)
            _next = DateTimeOffset.FromUnixTimeMilliseconds(seal + Level.Minute.WidthMs) + Patience;
        return done;
    }

    /// <returns>Whether everything is done that was due.</returns>
    async Task<bool> RunAsync(IStreamRoller stream, CancellationToken cancellationToken)
    {
        var raw = await partitions.ListAsync(stream.Table.Name, cancellationToken);
        var oldest = raw.Count == 0 ? long.MaxValue : raw[0].From;
        var rows = 0L;
        for (var step = 0; step < MostSteps && rows < MostRows; step++)
        {
            var started = time.GetTimestamp();
            var (what, read) = await StepAsync(stream, oldest, cancellationToken);
            if (what is null)
                return true;
            telemetry.RolledUp(stream.Table.Name, what, read, time.GetElapsedTime(started));
            if (what == "backfill" && read > MostBackfillRows)
                return true;
            rows += read;
        }
        return false;
    }

    /// <returns>What was done with how many rows; null when there was nothing to do.</returns>
    async Task<(string? What, long Rows)> StepAsync(IStreamRoller stream, long oldest, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RollState.LockAsync(connection, Lock, stream.Table.Stream, cancellationToken) is not { } stored)
            return (null, 0);
        var now = time.GetUtcNow();
        // Retention may not have been applied yet since the options changed or time passed.
        var state = stored with { KeptRaw = Math.Max(stored.KeptRaw, DayBefore(now, options.RetentionDays)) };
        var keepFrom = Math.Max(state.KeptTenSeconds, DayBefore(now, options.RollUpDays10s));
        var step = new RollStep(connection, stream, state, now.ToUnixTimeMilliseconds(), keepFrom);
        await partitions.BeforeRewriteAsync(connection, cancellationToken);
        try
        {
            (string?, long) done =
                state.RolledHours + Level.Hour.WidthMs <= state.Rolled ? ("hour", await step.NextHoursAsync(cancellationToken))
                : state.Rolled < state.Sealed ? ("minute", await step.NextMinutesAsync(await FirstStoredAsync(stream, state, now, cancellationToken), cancellationToken))
                : await step.LateAsync(MostLate, cancellationToken) is { } late ? ("late", late)
                : state.Since > Math.Max(oldest, state.KeptRaw) ? ("backfill", await step.BackAsync(BackfillStep, Math.Max(oldest, state.KeptRaw), cancellationToken))
                : (null, 0);
            await transaction.CommitAsync(cancellationToken);
            return done;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CheckViolation)
        {
            partitions.Forget();
            throw;
        }
    }

    /// <summary>
    /// A time before which no row is stored that is not rolled up, so that days in which nothing ran cost nothing. It is asked
    /// for after the seal was read: a partition that is made later holds late rows only, which are marked.
    /// </summary>
    async Task<long> FirstStoredAsync(IStreamRoller stream, RollState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var from = Math.Max(state.Rolled, state.KeptRaw);
        if (from >= now.AddDays(-1).ToUnixTimeMilliseconds())
            return from;
        var first = long.MaxValue;
        string[] tables = partitions.PacksMinutes ? [stream.Table.Name, stream.Table.Recent] : [stream.Table.Name];
        foreach (var table in tables)
        {
            foreach (var partition in (await partitions.ListAsync(table, cancellationToken)).Where(partition => partition.To > from))
                first = Math.Min(first, Math.Max(from, partition.From));
        }
        return first;
    }

    static long DayBefore(DateTimeOffset now, int days) => Partitions.BeginOf(DateOnly.FromDateTime(now.UtcDateTime.AddDays(-days)));
}
