using System.Globalization;
using System.Text;
using Forewarn.History.Ranges;
using Forewarn.History.RollUps;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>Lets PostgreSQL aggregate the columns of one entity and schema into buckets, from the rows of one level.</summary>
static class BucketReader
{
    /// <summary>A statement has at most 1,664 columns, and a column of ours takes four.</summary>
    const int MostColumns = 300;

    /// <param name="ordinals">Columns of the schema, from 0.</param>
    /// <param name="add">Takes begin, index into <paramref name="ordinals"/> and figures of each bucket that holds anything.</param>
    public static async Task ReadAsync(
        NpgsqlConnection connection, (int Entity, int Schema) source, IReadOnlyList<int> ordinals, Level level, IReadOnlyList<Part> parts, long stepMs,
        Action<long, int, Bucket> add, CancellationToken cancellationToken)
    {
        for (var first = 0; first < ordinals.Count; first += MostColumns)
        {
            var some = ordinals.Skip(first).Take(MostColumns).ToList();
            await using var command = new NpgsqlCommand(ValuesSql(some, level), connection);
            AddParts(command, source.Entity, parts, stepMs);
            command.Parameters.Add(new() { Value = source.Schema });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var t = RangeReader.UnixMs(reader.GetDateTime(0));
                for (var i = 0; i < some.Count; i++)
                {
                    var count = reader.GetInt64(1 + i * 4);
                    if (count > 0)
                        add(t, first + i, new Bucket(reader.GetDouble(2 + i * 4), count, reader.GetDouble(3 + i * 4), reader.GetDouble(4 + i * 4)));
                }
            }
        }
    }

    /// <summary>Rows of some parts of a table; uses the parameters of <see cref="AddParts"/>. The bounds around all parts let PostgreSQL leave out the partitions of other days.</summary>
    public static string PartsOf(string table, string condition) => $"""
        FROM unnest($2, $3) AS p(a, z) CROSS JOIN LATERAL (
            SELECT * FROM history.{table} WHERE {condition} AND t >= p.a AND t < p.z AND t >= $5 AND t < $6 OFFSET 0) r
        """;

    /// <summary>$1: the entity, $2 and $3: begins and ends, $4: the step, $5 and $6: the bounds around all.</summary>
    public static void AddParts(NpgsqlCommand command, int entity, IReadOnlyList<Part> parts, long stepMs)
    {
        command.Parameters.Add(new() { Value = entity });
        command.Parameters.Add(Seal.Times(parts.Select(part => part.From)));
        command.Parameters.Add(Seal.Times(parts.Select(part => part.To)));
        command.Parameters.Add(new() { Value = TimeSpan.FromMilliseconds(stepMs), NpgsqlDbType = NpgsqlDbType.Interval });
        command.Parameters.Add(RangeReader.Time(parts.Min(part => part.From)));
        command.Parameters.Add(RangeReader.Time(parts.Max(part => part.To)));
    }

    /// <summary>Count, sum, min and max of each column per bucket; NaN is "not measured" and becomes NULL, which aggregates skip.</summary>
    static string ValuesSql(List<int> ordinals, Level level)
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
}
