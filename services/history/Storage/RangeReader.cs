using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.RollUps;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>Answers <c>/v1/range</c>: rows per schema, from roll-ups as far as they reach, aggregated into buckets, which the assembler merges.</summary>
sealed class RangeReader(NpgsqlDataSource database, EntityReader entities, SchemaCatalog schemas)
{
    static readonly string RawScores = $"""
        FROM unnest($2, $3) AS p(a, z) CROSS JOIN LATERAL (
            {PackedPredictions.Rows("entity = $1", "p.a", "p.z", "t >= $4 AND t < $5", "k.t > $4 - interval '1 minute' AND k.t < $5")} OFFSET 0) r
        """;

    /// <exception cref="BadRequestException">There is no such entity, or it has no such series.</exception>
    public async Task<RangeResult> ReadAsync(RangeRequest request, CancellationToken cancellationToken)
    {
        var assembler = new RangeAssembler(request);
        if (await entities.FindSchemasAsync(request.Entity, cancellationToken) is not var (entity, used))
            throw EntityCatalog.Unknown(request.Entity);
        var plan = await PlanAsync(used, request, assembler, cancellationToken);
        await using var snapshot = await Snapshot.OpenAsync(database, cancellationToken);
        var connection = snapshot.Connection;
        if (plan.Count > 0)
        {
            var parts = await PartsAsync(connection, StreamTable.Ticks, entity, request, cancellationToken);
            foreach (var (schema, wanted) in plan)
            {
                await BucketReader.ReadAsync(
                    snapshot, (entity, schema), [.. wanted.Select(pair => pair.Ordinal)], parts, request.StepMs,
                    (t, i, bucket) => assembler.Add(t, wanted[i].Series, bucket), cancellationToken);
            }
        }
        if (request.Scores)
        {
            foreach (var level in (await PartsAsync(connection, StreamTable.Predictions, entity, request, cancellationToken)).GroupBy(part => part.Level))
                await ReadScoresAsync(connection, entity, level, request, assembler, cancellationToken);
        }
        return assembler.Build();
    }

    /// <summary>Where to read what.</summary>
    static async Task<IReadOnlyList<Part>> PartsAsync(
        NpgsqlConnection connection, StreamTable table, int entity, RangeRequest request, CancellationToken cancellationToken)
    {
        var coverage = await CoverageReader.ReadAsync(connection, table.Stream, entity, request.From, request.To, cancellationToken);
        return RangePlan.Of(request.From, request.To, request.StepMs, coverage);
    }

    /// <summary>Which columns of which schemas to read.</summary>
    async Task<List<(StoredSchema Schema, List<(int Ordinal, int Series)> Wanted)>> PlanAsync(
        IReadOnlyList<int> used, RangeRequest request, RangeAssembler assembler, CancellationToken cancellationToken)
    {
        var plan = new List<(StoredSchema, List<(int, int)>)>();
        var missing = request.Series.ToHashSet(StringComparer.Ordinal);
        foreach (var id in used)
        {
            var schema = await schemas.GetAsync(id, cancellationToken);
            var columns = schema.Schema.Columns;
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
                plan.Add((schema, wanted));
        }
        return missing.Count == 0
            ? plan
            : throw new BadRequestException("series", $"{request.Entity} has no series {missing.First()}; /v1/series lists them.");
    }

    static async Task ReadScoresAsync(
        NpgsqlConnection connection, int entity, IGrouping<Level, Part> parts, RangeRequest request, RangeAssembler assembler, CancellationToken cancellationToken)
    {
        var anomalous = parts.Key == Level.Raw ? "anomalous" : "anomalies > 0";
        await using var command = new NpgsqlCommand($"""
            SELECT date_bin($6, t, 'epoch'), cadence_ms, max(score)::float8, min(p), bool_or({anomalous})
            {(parts.Key == Level.Raw ? RawScores : BucketReader.PartsOf(Partitions.Predictions + parts.Key.Suffix, "entity = $1"))} GROUP BY 1, 2
            """, connection);
        BucketReader.AddParts(command.Parameters, entity, [.. parts]);
        command.Parameters.Add(new() { Value = TimeSpan.FromMilliseconds(request.StepMs), NpgsqlDbType = NpgsqlDbType.Interval });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            assembler.Add(new ScoreBucket(UnixMs(reader.GetDateTime(0)), reader.GetInt32(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetBoolean(4)));
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
