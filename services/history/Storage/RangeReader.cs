using System.Globalization;
using System.Text;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.RollUps;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>Answers <c>/v1/range</c>: PostgreSQL aggregates per schema, from roll-ups as far as they reach, the assembler merges.</summary>
sealed class RangeReader(NpgsqlDataSource database, EntityReader entities, SchemaCatalog schemas)
{
    /// <exception cref="BadRequestException">There is no such entity, or it has no such series.</exception>
    public async Task<RangeResult> ReadAsync(RangeRequest request, CancellationToken cancellationToken)
    {
        var assembler = new RangeAssembler(request);
        if (await entities.FindSchemasAsync(request.Entity, cancellationToken) is not var (entity, used))
            throw new BadRequestException("entity", $"No entity is called '{(request.Entity.Length > 80 ? request.Entity[..80] : request.Entity)}'; /v1/entities lists them.");
        var plan = await PlanAsync(used, request, assembler, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (plan.Count > 0)
        {
            var parts = await PartsAsync(connection, StreamTable.Ticks, entity, request, cancellationToken);
            foreach (var (schema, wanted) in plan)
            {
                foreach (var level in parts)
                    await ReadValuesAsync(connection, entity, schema, wanted, level, request, assembler, cancellationToken);
            }
        }
        if (request.Scores)
        {
            foreach (var level in await PartsAsync(connection, StreamTable.Predictions, entity, request, cancellationToken))
                await ReadScoresAsync(connection, entity, level, request, assembler, cancellationToken);
        }
        return assembler.Build();
    }

    /// <summary>Where to read what, by level.</summary>
    static async Task<List<IGrouping<Level, Part>>> PartsAsync(
        NpgsqlConnection connection, StreamTable table, int entity, RangeRequest request, CancellationToken cancellationToken)
    {
        var coverage = await CoverageReader.ReadAsync(connection, table.Stream, entity, request.From, request.To, cancellationToken);
        return [.. RangePlan.Of(request.From, request.To, request.StepMs, coverage).GroupBy(part => part.Level)];
    }

    /// <summary>Which columns of which schemas to read.</summary>
    async Task<List<(int Schema, List<(int Ordinal, int Series)> Wanted)>> PlanAsync(
        IReadOnlyList<int> used, RangeRequest request, RangeAssembler assembler, CancellationToken cancellationToken)
    {
        var plan = new List<(int, List<(int, int)>)>();
        var missing = request.Series.ToHashSet(StringComparer.Ordinal);
        foreach (var id in used)
        {
            var columns = (await schemas.GetAsync(id, cancellationToken)).Schema.Columns;
            var wanted = new List<(int Ordinal, int Series)>();
            for (var ordinal = 0; ordinal < columns.Count; ordinal++)
            {
                if (IndexOf(request.Series, columns[ordinal].Id) is not (>= 0 and var series))
                    continue;
                wanted.Add((ordinal, series));
                assembler.Describe(columns[ordinal]);
                missing.Remove(columns[ordinal].Id);
            }
            if (wanted.Count > 0)
                plan.Add((id, wanted));
        }
        return missing.Count == 0
            ? plan
            : throw new BadRequestException("series", $"{request.Entity} has no series {missing.First()}; /v1/series lists them.");
    }

    static async Task ReadValuesAsync(
        NpgsqlConnection connection, int entity, int schema, List<(int Ordinal, int Series)> wanted, IGrouping<Level, Part> parts, RangeRequest request,
        RangeAssembler assembler, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ValuesSql([.. wanted.Select(pair => pair.Ordinal)], parts.Key), connection);
        AddParts(command, entity, parts, request);
        command.Parameters.Add(new() { Value = schema });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var t = UnixMs(reader.GetDateTime(0));
            for (var i = 0; i < wanted.Count; i++)
            {
                var count = reader.GetInt64(1 + i * 4);
                if (count > 0)
                    assembler.Add(t, wanted[i].Series, new Bucket(reader.GetDouble(2 + i * 4), count, reader.GetDouble(3 + i * 4), reader.GetDouble(4 + i * 4)));
            }
        }
    }

    static async Task ReadScoresAsync(
        NpgsqlConnection connection, int entity, IGrouping<Level, Part> parts, RangeRequest request, RangeAssembler assembler, CancellationToken cancellationToken)
    {
        var anomalous = parts.Key == Level.Raw ? "anomalous" : "anomalies > 0";
        await using var command = new NpgsqlCommand($"""
            SELECT date_bin($4, t, 'epoch'), cadence_ms, max(score)::float8, min(p), bool_or({anomalous})
            {PartsOf(Partitions.Predictions + parts.Key.Suffix, "entity = $1")} GROUP BY 1, 2
            """, connection);
        AddParts(command, entity, parts, request);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            assembler.Add(new ScoreBucket(UnixMs(reader.GetDateTime(0)), reader.GetInt32(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetBoolean(4)));
    }

    /// <summary>Count, sum, min and max of each column per bucket; NaN is "not measured" and becomes NULL, which aggregates skip.</summary>
    static string ValuesSql(IReadOnlyList<int> ordinals, Level level)
    {
        var outer = new StringBuilder("SELECT b");
        var inner = new StringBuilder("SELECT date_bin($4, t, 'epoch') AS b");
        foreach (var ordinal in ordinals)
        {
            if (level == Level.Raw)
            {
                outer.Append(CultureInfo.InvariantCulture, $", count(v{ordinal}), sum(v{ordinal}), min(v{ordinal}), max(v{ordinal})");
                inner.Append(CultureInfo.InvariantCulture, $", nullif(values[{ordinal + 1}], 'NaN') AS v{ordinal}");
            }
            else
            {
                outer.Append(CultureInfo.InvariantCulture, $", coalesce(sum(n{ordinal}), 0), sum(s{ordinal}), min(l{ordinal}), max(h{ordinal})");
                inner.Append(CultureInfo.InvariantCulture,
                    $", counts[{ordinal + 1}] AS n{ordinal}, sums[{ordinal + 1}] AS s{ordinal}, mins[{ordinal + 1}] AS l{ordinal}, maxs[{ordinal + 1}] AS h{ordinal}");
            }
        }
        return $"{outer} FROM ({inner} {PartsOf(Partitions.Ticks + level.Suffix, "entity = $1 AND schema = $7")}) k GROUP BY b";
    }

    /// <summary>Parameters $1 to $6. The bounds around all parts let PostgreSQL leave out the partitions of other days.</summary>
    static string PartsOf(string table, string condition) => $"""
        FROM unnest($2, $3) AS p(a, z) CROSS JOIN LATERAL (
            SELECT * FROM history.{table} WHERE {condition} AND t >= p.a AND t < p.z AND t >= $5 AND t < $6 OFFSET 0) r
        """;

    static void AddParts(NpgsqlCommand command, int entity, IEnumerable<Part> parts, RangeRequest request)
    {
        var list = parts.ToList();
        command.Parameters.Add(new() { Value = entity });
        command.Parameters.Add(Seal.Times(list.Select(part => part.From)));
        command.Parameters.Add(Seal.Times(list.Select(part => part.To)));
        command.Parameters.Add(new() { Value = TimeSpan.FromMilliseconds(request.StepMs), NpgsqlDbType = NpgsqlDbType.Interval });
        command.Parameters.Add(Time(list.Min(part => part.From)));
        command.Parameters.Add(Time(list.Max(part => part.To)));
    }

    static int IndexOf(IReadOnlyList<string> series, string id)
    {
        for (var i = 0; i < series.Count; i++)
        {
            if (series[i] == id)
                return i;
        }
        return -1;
    }

    public static NpgsqlParameter Time(long unixMs) => new()
    {
        Value = DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime,
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };

    public static long UnixMs(DateTime utc) => new DateTimeOffset(utc, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
