using System.Globalization;
using System.Text;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>Answers <c>/v1/range</c>: PostgreSQL aggregates per schema, the assembler merges.</summary>
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
        foreach (var (schema, wanted) in plan)
            await ReadValuesAsync(connection, entity, schema, wanted, request, assembler, cancellationToken);
        if (request.Scores)
            await ReadScoresAsync(connection, entity, request, assembler, cancellationToken);
        return assembler.Build();
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
        NpgsqlConnection connection, int entity, int schema, List<(int Ordinal, int Series)> wanted, RangeRequest request, RangeAssembler assembler,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ValuesSql([.. wanted.Select(pair => pair.Ordinal)]), connection);
        AddSpan(command, entity, request);
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
        NpgsqlConnection connection, int entity, RangeRequest request, RangeAssembler assembler, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            SELECT date_bin($4, t, 'epoch'), cadence_ms, max(score)::float8, min(p), bool_or(anomalous)
            FROM history.predictions WHERE entity = $1 AND t >= $2 AND t < $3 GROUP BY 1, 2
            """, connection);
        AddSpan(command, entity, request);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            assembler.Add(new ScoreBucket(UnixMs(reader.GetDateTime(0)), reader.GetInt32(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetBoolean(4)));
    }

    /// <summary>Count, sum, min and max of each column per bucket; NaN is "not measured" and becomes NULL, which aggregates skip.</summary>
    static string ValuesSql(IReadOnlyList<int> ordinals)
    {
        var outer = new StringBuilder("SELECT b");
        var inner = new StringBuilder("SELECT date_bin($4, t, 'epoch') AS b");
        foreach (var ordinal in ordinals)
        {
            outer.Append(CultureInfo.InvariantCulture, $", count(v{ordinal}), sum(v{ordinal}), min(v{ordinal}), max(v{ordinal})");
            inner.Append(CultureInfo.InvariantCulture, $", nullif(values[{ordinal + 1}], 'NaN') AS v{ordinal}");
        }
        return $"{outer} FROM ({inner} FROM history.ticks WHERE entity = $1 AND t >= $2 AND t < $3 AND schema = $5) k GROUP BY b";
    }

    static void AddSpan(NpgsqlCommand command, int entity, RangeRequest request)
    {
        command.Parameters.Add(new() { Value = entity });
        command.Parameters.Add(Time(request.From));
        command.Parameters.Add(Time(request.To));
        command.Parameters.Add(new() { Value = TimeSpan.FromMilliseconds(request.StepMs), NpgsqlDbType = NpgsqlDbType.Interval });
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
