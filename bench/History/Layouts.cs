using System.IO.Compression;
using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.Bench.History;

/// <summary>A way to keep ticks in tables.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Ticks">Ticks of one entity that lie in one row.</param>
/// <param name="Readable">A view in plain SQL gives them back as rows.</param>
abstract record Layout(string Name, int Ticks, bool Readable)
{
    public abstract string Create { get; }

    public abstract string Copy { get; }

    /// <summary>Mean per 10 s of one column ($2, from 1) of one entity ($1) between $3 and $4; null when SQL cannot read it.</summary>
    public abstract string? Chart { get; }

    /// <summary>Writes the ticks of one entity, <see cref="Ticks"/> of them or fewer.</summary>
    public abstract Task WriteAsync(NpgsqlBinaryImporter copy, ArraySegment<Tick> ticks);

    protected static Task TimeAsync(NpgsqlBinaryImporter copy, DateTime t) => copy.WriteAsync(t, NpgsqlDbType.TimestampTz);
}

/// <summary>What every tutorial does.</summary>
sealed record RowPerSample() : Layout("a row per sample", 1, true)
{
    public override string Create => """
        CREATE TABLE layout (t timestamptz NOT NULL, series integer NOT NULL, value double precision NOT NULL);
        CREATE INDEX ON layout (series, t);
        """;

    public override string Copy => "COPY layout (t, series, value) FROM STDIN (FORMAT BINARY)";

    public override string Chart => """
        SELECT date_bin('10 s', t, 'epoch'), avg(value) FROM layout WHERE series = $1 * 1000 + $2 AND t >= $3 AND t < $4 GROUP BY 1
        """;

    public override async Task WriteAsync(NpgsqlBinaryImporter copy, ArraySegment<Tick> ticks)
    {
        foreach (var tick in ticks)
        {
            for (var column = 0; column < tick.Values.Length; column++)
            {
                await copy.StartRowAsync();
                await TimeAsync(copy, tick.T);
                await copy.WriteAsync((tick.Entity * 1000) + column + 1, NpgsqlDbType.Integer);
                await copy.WriteAsync(tick.Values[column], NpgsqlDbType.Double);
            }
        }
    }
}

/// <summary>What history does as rows come: see its migration 0001.</summary>
sealed record ArrayPerTick() : Layout("an array per entity and tick", 1, true)
{
    // Without vacuum and statistics in between, as history has it.
    public override string Create => """
        CREATE TABLE layout (t timestamptz NOT NULL, entity integer NOT NULL, schema integer NOT NULL, values double precision[] NOT NULL)
            WITH (autovacuum_enabled = false);
        CREATE INDEX ON layout (entity, t);
        """;

    public override string Copy => "COPY layout (t, entity, schema, values) FROM STDIN (FORMAT BINARY)";

    public override string Chart => """
        SELECT date_bin('10 s', t, 'epoch'), avg(values[$2]) FROM layout WHERE entity = $1 AND t >= $3 AND t < $4 GROUP BY 1
        """;

    public override async Task WriteAsync(NpgsqlBinaryImporter copy, ArraySegment<Tick> ticks)
    {
        foreach (var tick in ticks)
        {
            await copy.StartRowAsync();
            await TimeAsync(copy, tick.T);
            await copy.WriteAsync(tick.Entity, NpgsqlDbType.Integer);
            await copy.WriteAsync(1, NpgsqlDbType.Integer);
            await copy.WriteAsync(tick.Values, NpgsqlDbType.Array | NpgsqlDbType.Double);
        }
    }
}

/// <summary>Column after column of a minute in one array, which PostgreSQL compresses and SQL can unpack; what history does with sealed minutes, see its migration 0004.</summary>
sealed record ArrayPerMinute(string Compression) : Layout($"an array per entity and minute, by column, {Compression}", 60, true)
{
    public override string Create => $"""
        CREATE TABLE layout (t timestamptz NOT NULL, entity integer NOT NULL, schema integer NOT NULL, offsets integer[] NOT NULL, values double precision[] NOT NULL);
        ALTER TABLE layout ALTER values SET COMPRESSION {Compression};
        CREATE INDEX ON layout (entity, t);
        """;

    public override string Copy => "COPY layout (t, entity, schema, offsets, values) FROM STDIN (FORMAT BINARY)";

    public override string Chart => """
        SELECT date_bin('10 s', m.t + o * interval '1 ms', 'epoch'), avg(m.v[i])
        FROM (SELECT t, offsets, values[($2 - 1) * cardinality(offsets) + 1 : $2 * cardinality(offsets)] AS v
              FROM layout WHERE entity = $1 AND t >= $3 AND t < $4) m
        CROSS JOIN LATERAL unnest(m.offsets) WITH ORDINALITY AS u(o, i) GROUP BY 1
        """;

    public override async Task WriteAsync(NpgsqlBinaryImporter copy, ArraySegment<Tick> ticks)
    {
        await copy.StartRowAsync();
        await TimeAsync(copy, ticks[0].T);
        await copy.WriteAsync(ticks[0].Entity, NpgsqlDbType.Integer);
        await copy.WriteAsync(1, NpgsqlDbType.Integer);
        await copy.WriteAsync(ticks.Select(tick => (int)(tick.T - ticks[0].T).TotalMilliseconds).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer);
        await copy.WriteAsync(ByColumn(ticks), NpgsqlDbType.Array | NpgsqlDbType.Double);
    }

    public static double[] ByColumn(ArraySegment<Tick> ticks)
    {
        var columns = ticks[0].Values.Length;
        var values = new double[ticks.Count * columns];
        for (var column = 0; column < columns; column++)
        {
            for (var tick = 0; tick < ticks.Count; tick++)
                values[(column * ticks.Count) + tick] = ticks[tick].Values[column];
        }
        return values;
    }
}

/// <summary>
/// A minute by column, each value XORed with the one before it, bytes of equal weight side by side, then Brotli: about as
/// small as a general codec gets, and nothing that SQL can read.
/// </summary>
sealed record EncodedMinute() : Layout("a minute by column, XOR, shuffled, Brotli", 60, false)
{
    public override string Create => """
        CREATE TABLE layout (t timestamptz NOT NULL, entity integer NOT NULL, schema integer NOT NULL, body bytea NOT NULL);
        ALTER TABLE layout ALTER body SET STORAGE EXTERNAL;
        CREATE INDEX ON layout (entity, t);
        """;

    public override string Copy => "COPY layout (t, entity, schema, body) FROM STDIN (FORMAT BINARY)";

    public override string? Chart => null;

    public override async Task WriteAsync(NpgsqlBinaryImporter copy, ArraySegment<Tick> ticks)
    {
        await copy.StartRowAsync();
        await TimeAsync(copy, ticks[0].T);
        await copy.WriteAsync(ticks[0].Entity, NpgsqlDbType.Integer);
        await copy.WriteAsync(1, NpgsqlDbType.Integer);
        await copy.WriteAsync(Encode(ticks), NpgsqlDbType.Bytea);
    }

    static byte[] Encode(ArraySegment<Tick> ticks)
    {
        var bits = MemoryMarshal.Cast<double, ulong>(ArrayPerMinute.ByColumn(ticks).AsSpan());
        var shuffled = new byte[bits.Length * sizeof(ulong)];
        var before = 0UL;
        for (var i = 0; i < bits.Length; i++)
        {
            var changed = bits[i] ^ before;
            before = bits[i];
            for (var weight = 0; weight < sizeof(ulong); weight++)
                shuffled[(weight * bits.Length) + i] = (byte)(changed >> (8 * weight));
        }
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(shuffled.Length)];
        BrotliEncoder.TryCompress(shuffled, packed, out var length, quality: 1, window: 18);
        return packed[..length];
    }
}
