using Forewarn.Contracts;
using Forewarn.History.Searches;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>A stored verdict and the number of its entity, which the cursor needs.</summary>
readonly record struct StoredPrediction(int Entity, PredictionInfo Info);

/// <summary>
/// Answers <c>/v1/predictions</c>. Of all entities there are millions in an hour, and packed minutes are sorted only when they
/// are unpacked: the span is read in slices that grow until the page is full, so that no statement sorts more than it must.
/// </summary>
sealed class PredictionReader(NpgsqlDataSource database, EntityCatalog entities)
{
    const long FirstSliceMs = 10_000, FirstSliceOfFewMs = 1_800_000;

    /// <summary>Verdicts by time, those of one instant by entity and cadence, from the one after <paramref name="after"/>.</summary>
    /// <exception cref="Ranges.BadRequestException">There is no such entity.</exception>
    public async Task<List<StoredPrediction>> ReadAsync(PredictionRequest request, PredictionCursor? after, int limit, CancellationToken cancellationToken)
    {
        int? entity = request.Entity is { } name ? await entities.FindAsync(name, cancellationToken) ?? throw EntityCatalog.Unknown(name) : null;
        var (from, to) = (request.From, request.To);
        if (after is { } cursor)
            (from, to) = request.OldestFirst ? (Math.Max(from, cursor.T), to) : (from, Math.Min(to, cursor.T + 1));
        var found = new List<StoredPrediction>();
        // One entity has an index of its own, and there are few anomalies.
        var slice = entity is null && !request.AnomalousOnly ? FirstSliceMs : FirstSliceOfFewMs;
        while (from < to && found.Count < limit)
        {
            var width = Math.Min(slice, to - from);
            var part = request.OldestFirst ? (From: from, To: from + width) : (From: to - width, To: to);
            found.AddRange(await ReadSliceAsync(request, entity, part, after, limit - found.Count, cancellationToken));
            (from, to) = request.OldestFirst ? (part.To, to) : (from, part.From);
            slice = slice > long.MaxValue / 4 ? slice : slice * 4;
            after = null;
        }
        return found;
    }

    async Task<List<StoredPrediction>> ReadSliceAsync(
        PredictionRequest request, int? entity, (long From, long To) slice, PredictionCursor? after, int limit, CancellationToken cancellationToken)
    {
        var (order, comparison) = request.OldestFirst ? ("ASC", ">=") : ("DESC", "<=");
        // Everything, so that what is passed over as repeated is the same on each page.
        var rest = $"score {order}, p {order}, model {order}, extrapolated {order}, anomalous {order}";
        var condition = $"($6::int IS NULL OR cadence_ms = $6){(entity is null ? "" : " AND entity = $5")}{(request.AnomalousOnly ? " AND anomalous" : "")}";
        await using var command = database.CreateCommand($"""
            SELECT r.entity, e.name, r.t, r.cadence_ms, r.model, r.score, r.p, r.extrapolated, r.anomalous
            FROM (
                SELECT * FROM ({PackedPredictions.Rows(condition, "$1", "$2", ofMinutes: request.AnomalousOnly ? "anomalies > 0" : "true")}) k
                {(after is null ? "" : $"WHERE (t, entity, cadence_ms) {comparison} ($7, $8, $9)")}
                ORDER BY t {order}, entity {order}, cadence_ms {order}, {rest} LIMIT $3 OFFSET $4) r
            JOIN history.entities e ON e.id = r.entity
            ORDER BY r.t {order}, r.entity {order}, r.cadence_ms {order}, {rest}
            """);
        command.Parameters.Add(RangeReader.Time(slice.From));
        command.Parameters.Add(RangeReader.Time(slice.To));
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = after?.Repeats ?? 0 });
        command.Parameters.Add(Integer(entity));
        command.Parameters.Add(Integer(request.CadenceMs));
        if (after is { } cursor)
        {
            command.Parameters.Add(RangeReader.Time(cursor.T));
            command.Parameters.Add(Integer(cursor.Entity));
            command.Parameters.Add(Integer(cursor.CadenceMs));
        }
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<StoredPrediction>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new StoredPrediction(reader.GetInt32(0), new PredictionInfo
            {
                Entity = reader.GetString(1),
                T = RangeReader.UnixMs(reader.GetDateTime(2)),
                CadenceMs = reader.GetInt32(3),
                Model = reader.GetString(4),
                Score = reader.GetFloat(5),
                P = reader.GetDouble(6),
                Extrapolated = reader.GetBoolean(7),
                Anomalous = reader.GetBoolean(8),
            }));
        }
        return found;
    }

    static NpgsqlParameter Integer(int? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };
}
