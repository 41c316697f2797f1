using System.Globalization;
using Forewarn.History.Ranges;
using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// Reads columns of one entity and schema from the rows of several levels and aggregates them into buckets here: to aggregate
/// each of fifty columns costs PostgreSQL several times what sending them does.
/// </summary>
static class BucketReader
{
    const string OfSource = "entity = $1 AND schema = $6";

    /// <param name="snapshot">Of raw rows it reads several tables.</param>
    /// <param name="ordinals">Columns of the schema, from 0.</param>
    /// <param name="parts">From which levels to read what; asked for in one go.</param>
    /// <param name="add">Takes begin, index into <paramref name="ordinals"/> and figures of what a bucket holds; a bucket may come in several pieces.</param>
    public static async Task ReadAsync(
        Snapshot snapshot, (int Entity, StoredSchema Schema) source, IReadOnlyList<int> ordinals, IReadOnlyList<Part> parts, long stepMs,
        Action<long, int, Bucket> add, CancellationToken cancellationToken)
    {
        var levels = parts.GroupBy(part => part.Level).ToList();
        if (levels.Count == 0)
            return;
        var columns = new WantedColumns(ordinals, source.Schema.Schema.Columns.Count);
        await using var batch = new NpgsqlBatch(snapshot.Connection);
        foreach (var level in levels)
        {
            batch.BatchCommands.Add(Command(Sql(level.Key, columns), level));
            if (level.Key == Level.Raw)
                batch.BatchCommands.Add(Command(PackedSql(columns), level));
        }
        var buckets = new Buckets(ordinals.Count, stepMs, add);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var level in levels)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                buckets.MoveTo(RangeReader.UnixMs(reader.GetDateTime(0)));
                await columns.ReadRowAsync(reader, level.Key, buckets, cancellationToken);
            }
            await reader.NextResultAsync(cancellationToken);
            if (level.Key != Level.Raw)
                continue;
            while (await reader.ReadAsync(cancellationToken))
                await columns.ReadPackedAsync(reader, buckets, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
        }
        buckets.Flush();

        NpgsqlBatchCommand Command(string sql, IEnumerable<Part> parts)
        {
            var command = new NpgsqlBatchCommand(sql);
            AddParts(command.Parameters, source.Entity, [.. parts]);
            command.Parameters.Add(new() { Value = source.Schema.Id });
            return command;
        }
    }

    static string Sql(Level level, WantedColumns columns)
    {
        string[] figures = level == Level.Raw ? ["values"] : ["counts", "sums", "mins", "maxs"];
        var recent = level == Level.Raw ? $" UNION ALL {Part(Partitions.Ticks + "_recent", $"{OfSource} AND {TickReader.IsRecent}")}" : "";
        return $"SELECT t, {string.Join(", ", figures.Select(columns.Sql))} {PartsOf(Partitions.Ticks + level.Suffix, OfSource, recent)}";
    }

    static string PackedSql(WantedColumns columns) => $"""
        SELECT r.t, p.a, p.z, r.offsets, {columns.PackedSql("r.values")}
        FROM unnest($2, $3) AS p(a, z) CROSS JOIN LATERAL (
            SELECT * FROM history.ticks_packed
            WHERE {OfSource} AND t > p.a - interval '1 minute' AND t < p.z AND t > $4 - interval '1 minute' AND t < $5 ORDER BY t) r
        """;

    /// <summary>Rows of some parts of a table; uses the parameters of <see cref="AddParts"/>. The bounds around all parts let PostgreSQL leave out the partitions of other days.</summary>
    /// <param name="more">Further rows of them, as UNION ALL.</param>
    public static string PartsOf(string table, string condition, string more = "") => $"""
        FROM unnest($2, $3) AS p(a, z) CROSS JOIN LATERAL ({Part(table, condition)}{more} OFFSET 0) r
        """;

    static string Part(string table, string condition) => $"SELECT * FROM history.{table} WHERE {condition} AND t >= p.a AND t < p.z AND t >= $4 AND t < $5";

    /// <summary>$1: the entity, $2 and $3: begins and ends, $4 and $5: the bounds around all.</summary>
    public static void AddParts(NpgsqlParameterCollection parameters, int entity, IReadOnlyList<Part> parts)
    {
        parameters.Add(new() { Value = entity });
        parameters.Add(Seal.Times(parts.Select(part => part.From)));
        parameters.Add(Seal.Times(parts.Select(part => part.To)));
        parameters.Add(RangeReader.Time(parts.Min(part => part.From)));
        parameters.Add(RangeReader.Time(parts.Max(part => part.To)));
    }

    /// <summary>
    /// How to get columns out of arrays: a few one by one, which is cheapest; when they are half of all or more, with the whole
    /// arrays, and also when they are more than a statement can return with four figures each.
    /// </summary>
    sealed class WantedColumns(IReadOnlyList<int> ordinals, int columns)
    {
        const int MostOneByOne = 100;

        /// <summary>Of a packed minute, PostgreSQL unpacks the whole array for each slice that it takes from it.</summary>
        const int MostSlices = 4;

        readonly bool _sliced = ordinals.Count <= MostSlices;
        readonly bool _whole = ordinals.Count * 2 >= columns || ordinals.Count > MostOneByOne;

        public string Sql(string array) => _whole
            ? array
            : string.Join(", ", ordinals.Select(ordinal => string.Create(CultureInfo.InvariantCulture, $"{array}[{ordinal + 1}]")));

        /// <summary>A few columns as slices of the array that holds one column after the other.</summary>
        public string PackedSql(string array) => _sliced
            ? string.Join(", ", ordinals.Select(ordinal => string.Create(
                CultureInfo.InvariantCulture, $"{array}[{ordinal} * cardinality(r.offsets) + 1 : {ordinal + 1} * cardinality(r.offsets)]")))
            : array;

        /// <summary>Adds what of a packed minute lies in its part: begin of the minute, begin and end of the part, offsets, and values as <see cref="PackedSql"/> asks for them.</summary>
        public async Task ReadPackedAsync(NpgsqlDataReader reader, Buckets buckets, CancellationToken cancellationToken)
        {
            var (minute, from, to) = (RangeReader.UnixMs(reader.GetDateTime(0)), RangeReader.UnixMs(reader.GetDateTime(1)), RangeReader.UnixMs(reader.GetDateTime(2)));
            var offsets = await reader.GetFieldValueAsync<int[]>(3, cancellationToken);
            var arrays = new double[_sliced ? ordinals.Count : 1][];
            for (var i = 0; i < arrays.Length; i++)
                arrays[i] = await reader.GetFieldValueAsync<double[]>(4 + i, cancellationToken);
            for (var row = 0; row < offsets.Length; row++)
            {
                if (minute + offsets[row] < from || minute + offsets[row] >= to)
                    continue;
                buckets.MoveTo(minute + offsets[row]);
                for (var i = 0; i < ordinals.Count; i++)
                    buckets.Add(i, _sliced ? arrays[i][row] : arrays[0][(ordinals[i] * offsets.Length) + row]);
            }
        }

        /// <summary>Adds a row whose first column is its time and whose others are as <see cref="Sql"/> asks for them.</summary>
        public async Task ReadRowAsync(NpgsqlDataReader reader, Level level, Buckets buckets, CancellationToken cancellationToken)
        {
            var wanted = ordinals.Count;
            if (level == Level.Raw)
            {
                var values = _whole ? await reader.GetFieldValueAsync<double[]>(1, cancellationToken) : null;
                for (var i = 0; i < wanted; i++)
                    buckets.Add(i, values is null ? reader.GetDouble(1 + i) : values[ordinals[i]]);
                return;
            }
            if (!_whole)
            {
                for (var i = 0; i < wanted; i++)
                    buckets.Add(i, new Bucket(reader.GetDouble(1 + wanted + i), reader.GetInt32(1 + i), reader.GetDouble(1 + (2 * wanted) + i), reader.GetDouble(1 + (3 * wanted) + i)));
                return;
            }
            var counts = await reader.GetFieldValueAsync<int[]>(1, cancellationToken);
            var sums = await reader.GetFieldValueAsync<double[]>(2, cancellationToken);
            var mins = await reader.GetFieldValueAsync<double[]>(3, cancellationToken);
            var maxs = await reader.GetFieldValueAsync<double[]>(4, cancellationToken);
            for (var i = 0; i < wanted; i++)
                buckets.Add(i, new Bucket(sums[ordinals[i]], counts[ordinals[i]], mins[ordinals[i]], maxs[ordinals[i]]));
        }
    }

    /// <summary>The bucket that is being filled; rows come nearly in the order of their time, so there is rarely more than one.</summary>
    sealed class Buckets(int columns, long stepMs, Action<long, int, Bucket> add)
    {
        readonly Bucket[] _current = [.. Enumerable.Repeat(Bucket.Empty, columns)];
        long _t;

        public void MoveTo(long t)
        {
            var begin = t - (t % stepMs);
            if (begin == _t)
                return;
            Flush();
            _t = begin;
        }

        /// <summary>NaN is "not measured".</summary>
        public void Add(int column, double value)
        {
            if (!double.IsNaN(value))
                _current[column] = _current[column].Add(new Bucket(value, 1, value, value));
        }

        public void Add(int column, Bucket bucket)
        {
            if (bucket.Count > 0)
                _current[column] = _current[column].Add(bucket);
        }

        public void Flush()
        {
            for (var i = 0; i < _current.Length; i++)
            {
                if (_current[i].Count > 0)
                    add(_t, i, _current[i]);
                _current[i] = Bucket.Empty;
            }
        }
    }
}
