using System.Globalization;
using Forewarn.History.Ranges;
using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// Reads columns of one entity and schema from the rows of one level and aggregates them into buckets. The columns come as
/// arrays and are merged here: to aggregate each of fifty columns costs PostgreSQL several times what sending them does.
/// </summary>
static class BucketReader
{
    /// <param name="ordinals">Columns of the schema, from 0.</param>
    /// <param name="parts">From which levels to read what; asked for in one go.</param>
    /// <param name="add">Takes begin, index into <paramref name="ordinals"/> and figures of what a bucket holds; a bucket may come in several pieces.</param>
    public static async Task ReadAsync(
        NpgsqlConnection connection, (int Entity, int Schema) source, IReadOnlyList<int> ordinals, IReadOnlyList<Part> parts, long stepMs,
        Action<long, int, Bucket> add, CancellationToken cancellationToken)
    {
        var levels = parts.GroupBy(part => part.Level).ToList();
        if (levels.Count == 0)
            return;
        var columns = new WantedColumns(ordinals);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var level in levels)
        {
            var command = new NpgsqlBatchCommand(Sql(level.Key, columns));
            AddParts(command.Parameters, source.Entity, [.. level]);
            command.Parameters.Add(new() { Value = source.Schema });
            batch.BatchCommands.Add(command);
        }
        var buckets = new Buckets(ordinals.Count, stepMs, add);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var level in levels)
        {
            await ReadAsync(reader, level.Key, columns, buckets, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
        }
        buckets.Flush();
    }

    static string Sql(Level level, WantedColumns columns)
    {
        string[] figures = level == Level.Raw ? ["values"] : ["counts", "sums", "mins", "maxs"];
        return $"SELECT t, {string.Join(", ", figures.Select(columns.Sql))} {PartsOf(Partitions.Ticks + level.Suffix, "entity = $1 AND schema = $6")}";
    }

    static async Task ReadAsync(NpgsqlDataReader reader, Level level, WantedColumns columns, Buckets buckets, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            buckets.MoveTo(RangeReader.UnixMs(reader.GetDateTime(0)));
            if (level == Level.Raw)
            {
                buckets.Add(columns, await reader.GetFieldValueAsync<double[]>(1, cancellationToken));
                continue;
            }
            buckets.Add(columns, new TickBucket(
                await reader.GetFieldValueAsync<int[]>(1, cancellationToken), await reader.GetFieldValueAsync<double[]>(2, cancellationToken),
                await reader.GetFieldValueAsync<double[]>(3, cancellationToken), await reader.GetFieldValueAsync<double[]>(4, cancellationToken)));
        }
    }

    /// <summary>Rows of some parts of a table; uses the parameters of <see cref="AddParts"/>. The bounds around all parts let PostgreSQL leave out the partitions of other days.</summary>
    public static string PartsOf(string table, string condition) => $"""
        FROM unnest($2, $3) AS p(a, z) CROSS JOIN LATERAL (
            SELECT * FROM history.{table} WHERE {condition} AND t >= p.a AND t < p.z AND t >= $4 AND t < $5 OFFSET 0) r
        """;

    /// <summary>$1: the entity, $2 and $3: begins and ends, $4 and $5: the bounds around all.</summary>
    public static void AddParts(NpgsqlParameterCollection parameters, int entity, IReadOnlyList<Part> parts)
    {
        parameters.Add(new() { Value = entity });
        parameters.Add(Seal.Times(parts.Select(part => part.From)));
        parameters.Add(Seal.Times(parts.Select(part => part.To)));
        parameters.Add(RangeReader.Time(parts.Min(part => part.From)));
        parameters.Add(RangeReader.Time(parts.Max(part => part.To)));
    }

    /// <summary>How to get columns out of an array: one by one, or, when they are most of a stretch of it, the stretch.</summary>
    sealed class WantedColumns
    {
        readonly IReadOnlyList<int> _ordinals;
        readonly int _first, _last;
        readonly bool _stretch;

        public WantedColumns(IReadOnlyList<int> ordinals)
        {
            (_ordinals, _first, _last) = (ordinals, ordinals.Min(), ordinals.Max());
            _stretch = ordinals.Count * 2 > _last - _first + 1;
            Positions = [.. ordinals.Select((ordinal, index) => _stretch ? ordinal - _first : index)];
        }

        /// <summary>Where each column stands in the array that comes.</summary>
        public int[] Positions { get; }

        public string Sql(string array) => _stretch
            ? string.Create(CultureInfo.InvariantCulture, $"{array}[{_first + 1}:{_last + 1}]")
            : $"ARRAY[{string.Join(", ", _ordinals.Select(ordinal => string.Create(CultureInfo.InvariantCulture, $"{array}[{ordinal + 1}]")))}]";
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
        public void Add(WantedColumns wanted, double[] values)
        {
            for (var i = 0; i < _current.Length; i++)
            {
                var value = values[wanted.Positions[i]];
                if (!double.IsNaN(value))
                    _current[i] = _current[i].Add(new Bucket(value, 1, value, value));
            }
        }

        public void Add(WantedColumns wanted, TickBucket row)
        {
            for (var i = 0; i < _current.Length; i++)
            {
                var at = wanted.Positions[i];
                if (row.Counts[at] > 0)
                    _current[i] = _current[i].Add(new Bucket(row.Sums[at], row.Counts[at], row.Mins[at], row.Maxs[at]));
            }
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
