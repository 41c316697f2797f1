using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>One step of the roller, within its transaction.</summary>
/// <param name="now">Unix milliseconds.</param>
/// <param name="keepFrom">Before this, buckets of ten seconds are past their retention.</param>
sealed class RollStep(NpgsqlConnection connection, IStreamRoller roller, RollState state, long now, long keepFrom)
{
    /// <summary>Entity-minutes that are in memory at once: these at most, fewer first, then as many as have about so many values.</summary>
    const int BatchMinutes = 1_000, FirstBatchMinutes = 100, BatchValues = 2_000_000;

    /// <summary>Entity-minutes of a step that catches up after a pause.</summary>
    const int StepMinutes = 5_000;

    const long Day = 86_400_000;

    /// <summary>Of an entity that is read in one piece.</summary>
    const long LongestSpan = 600_000;

    static readonly long MinuteMs = Level.Minute.WidthMs, HourMs = Level.Hour.WidthMs;

    char Stream => roller.Table.Stream;

    /// <summary>Minutes that are sealed; as many as a step may take, at least one, and any number that hold nothing.</summary>
    /// <param name="firstStored">Before this, no row is stored that is not rolled up.</param>
    public async Task<long> NextMinutesAsync(long firstStored, CancellationToken cancellationToken)
    {
        var from = Math.Max(Math.Max(state.Rolled, state.KeptRaw), Level.Minute.Floor(Math.Min(firstStored, state.Sealed)));
        var rolledHours = state.RolledHours;
        if (Level.Hour.Floor(from) > rolledHours)
        {
            // The hour in which the pause began will not grow any more.
            var before = await EntitiesAsync(rolledHours, cancellationToken);
            await RollHoursAsync([.. before.Select(entity => (entity, rolledHours, rolledHours + HourMs))], settle: true, cancellationToken);
            rolledHours = Level.Hour.Floor(from);
        }
        var entities = await EntitiesAsync(from, cancellationToken);
        var minutes = Math.Clamp(StepMinutes / Math.Max(1, entities.Count), 1, 1_440);
        var to = Math.Max(state.Rolled, Math.Min(state.Sealed, from + (minutes * MinuteMs)));
        var rows = await RollMinutesAsync([.. entities.Select(entity => (entity, from, to))], cancellationToken);
        await RollState.SaveAsync(connection, Stream, state.Since, rolledHours, to, cancellationToken);
        return rows;
    }

    /// <summary>Hours whose minutes are rolled up; as many as a step may take, at least one.</summary>
    public async Task<long> NextHoursAsync(CancellationToken cancellationToken)
    {
        var from = state.RolledHours;
        var entities = await EntitiesAsync(from, cancellationToken);
        var hours = Math.Clamp(StepMinutes / 60 / Math.Max(1, entities.Count), 1, 24);
        var to = Math.Min(Level.Hour.Floor(state.Rolled), from + (hours * HourMs));
        await RollHoursAsync([.. entities.Select(entity => (entity, from, to))], settle: true, cancellationToken);
        await RollState.SaveAsync(connection, Stream, state.Since, to, state.Rolled, cancellationToken);
        return 0;
    }

    /// <summary>Minutes that got rows since they were rolled up, and their hours; null when there are none.</summary>
    public async Task<long?> LateAsync(int most, CancellationToken cancellationToken)
    {
        var late = new HashSet<(int Entity, long Minute)>();
        // Marks go first: a row that is committed from now on brings its own.
        await using (var command = new NpgsqlCommand("""
            DELETE FROM history.late WHERE ctid = ANY(ARRAY(SELECT ctid FROM history.late WHERE stream = $1 LIMIT $2)) RETURNING entity, minute
            """, connection)
        {
            Parameters = { Seal.Stream(Stream), new() { Value = most } },
        })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                late.Add((reader.GetInt32(0), RangeReader.UnixMs(reader.GetDateTime(1))));
        }
        if (late.Count == 0)
            return null;
        // What is not rolled up yet comes when its turn is there; what raw rows no longer tell stays as it is.
        late.RemoveWhere(mark => mark.Minute < state.Since || mark.Minute < state.KeptRaw || mark.Minute >= state.Rolled);
        var rows = await RollMinutesAsync([.. late.OrderBy(mark => mark.Minute).Select(mark => (mark.Entity, mark.Minute, mark.Minute + MinuteMs))], cancellationToken);
        var hours = late.Select(mark => (mark.Entity, Hour: Level.Hour.Floor(mark.Minute))).Distinct()
            .Where(mark => mark.Hour >= state.Since && mark.Hour < state.RolledHours);
        await RollHoursAsync([.. hours.Select(mark => (mark.Entity, mark.Hour, mark.Hour + HourMs))], settle: false, cancellationToken);
        return rows;
    }

    /// <summary>What was stored before there were roll-ups, from its end backwards; times that hold nothing are passed over.</summary>
    /// <param name="bottom">Before this nothing is rolled up.</param>
    public async Task<long> BackAsync(long stepMs, long bottom, CancellationToken cancellationToken)
    {
        var from = state.Since - stepMs;
        var entities = await EntitiesAsync(from, cancellationToken);
        var rows = await RollMinutesAsync([.. entities.Select(entity => (entity, from, state.Since))], cancellationToken);
        var since = rows > 0 ? from : Math.Min(from, await PassOverAsync(from, stepMs, bottom, cancellationToken));
        var hour = Level.Hour.Floor(from);
        if (hour == from || since <= hour)
            await RollHoursAsync([.. entities.Select(entity => (entity, hour, hour + HourMs))], settle: false, cancellationToken);
        await RollState.SaveAsync(connection, Stream, since, state.RolledHours, state.Rolled, cancellationToken);
        return rows;
    }

    /// <summary>End of the newest step before a time that holds a row, <paramref name="bottom"/> when there is none.</summary>
    async Task<long> PassOverAsync(long before, long stepMs, long bottom, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT max(last.t) FROM history.entities e, LATERAL (
                SELECT k.t FROM history.{roller.Table.Name} k WHERE k.entity = e.id AND k.t < $1 ORDER BY k.t DESC LIMIT 1) last
            """, connection)
        {
            Parameters = { RangeReader.Time(before) },
        };
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime newest
            ? Math.Max(bottom, ((RangeReader.UnixMs(newest) / stepMs) + 1) * stepMs)
            : bottom;
    }

    async Task<long> RollMinutesAsync(IReadOnlyList<(int Entity, long From, long To)> spans, CancellationToken cancellationToken)
    {
        var jobs = new RollJobs(spans).CutBy(LongestSpan).Spans;
        if (jobs.Count == 0)
            return 0;
        var minutes = (int)((jobs[0].To - jobs[0].From) / MinuteMs);
        var rows = 0L;
        var size = Math.Max(1, FirstBatchMinutes / minutes);
        for (var at = 0; at < jobs.Count;)
        {
            var batch = new RollJobs([.. jobs.Skip(at).Take(size)]);
            var read = await roller.RollMinutesAsync(connection, batch, keepFrom, cancellationToken);
            rows += read.Rows;
            at += batch.Spans.Count;
            size = (int)Math.Clamp(batch.Spans.Count * BatchValues / Math.Max(1, read.Values), 1, Math.Max(1, BatchMinutes / minutes));
        }
        return rows;
    }

    async Task RollHoursAsync(IReadOnlyList<(int Entity, long From, long To)> spans, bool settle, CancellationToken cancellationToken)
    {
        foreach (var jobs in new RollJobs(spans).InBatches(BatchMinutes / 20))
            await roller.RollHoursAsync(connection, jobs, settle, cancellationToken);
    }

    /// <summary>
    /// Who may have rows from a time on. A row lies a day ahead at most, so whoever has one has sent within that time and the
    /// day before it; for longer ago it is everyone whom there ever was.
    /// </summary>
    async Task<List<int>> EntitiesAsync(long from, CancellationToken cancellationToken)
    {
        var recent = from >= now - Day;
        await using var command = new NpgsqlCommand(
            recent ? "SELECT DISTINCT entity FROM history.watermarks WHERE stream = $1 AND seen >= $2 ORDER BY 1" : "SELECT id FROM history.entities ORDER BY 1", connection);
        if (recent)
        {
            command.Parameters.Add(Seal.Stream(Stream));
            command.Parameters.Add(RangeReader.Time(from - Day - HourMs));
        }
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entities = new List<int>();
        while (await reader.ReadAsync(cancellationToken))
            entities.Add(reader.GetInt32(0));
        return entities;
    }
}
