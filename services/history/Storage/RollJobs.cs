using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Spans of entities that are to be rolled up together, in whole buckets, end exclusive.</summary>
sealed record RollJobs(IReadOnlyList<(int Entity, long From, long To)> Spans)
{
    /// <summary>
    /// The rows of a table in these spans, as <c>k</c>; parameters $1 to $5. OFFSET 0 makes PostgreSQL look up each span in the
    /// index instead of joining with a scan over partitions, and the outer bounds let it leave out the partitions of other days.
    /// </summary>
    /// <param name="condition">A further one.</param>
    public static string From(string table, string condition = "true") => $"""
        FROM unnest($1, $2, $3) AS j(entity, a, b) CROSS JOIN LATERAL (
            SELECT * FROM history.{table} WHERE entity = j.entity AND t >= j.a AND t < j.b AND t >= $4 AND t < $5 AND {condition} OFFSET 0) k
        """;

    public IEnumerable<RollJobs> InBatches(int size) => Spans.Chunk(size).Select(spans => new RollJobs(spans));

    /// <summary>The same spans, each cut into some of at most this length.</summary>
    public RollJobs CutBy(long lengthMs) => new([.. Spans.SelectMany(span => Cut(span, lengthMs))]);

    public NpgsqlCommand On(NpgsqlConnection connection, string sql) => new(sql, connection)
    {
        Parameters =
        {
            new() { Value = Spans.Select(span => span.Entity).ToArray() },
            Seal.Times(Spans.Select(span => span.From)),
            Seal.Times(Spans.Select(span => span.To)),
            RangeReader.Time(Spans.Min(span => span.From)),
            RangeReader.Time(Spans.Max(span => span.To)),
        },
    };

    static IEnumerable<(int, long, long)> Cut((int Entity, long From, long To) span, long lengthMs)
    {
        for (var from = span.From; from < span.To; from += lengthMs)
            yield return (span.Entity, from, Math.Min(span.To, from + lengthMs));
    }
}

/// <summary>What was read to roll it up.</summary>
readonly record struct RollCount(long Rows, long Values);

/// <summary>Computes the roll-ups of one stream from what is stored; doing so again replaces them by the same.</summary>
interface IStreamRoller
{
    StreamTable Table { get; }

    /// <summary>Rolls up raw rows by the minute, and by ten seconds what is not before <paramref name="keepFrom"/>; tells how many that were.</summary>
    Task<RollCount> RollMinutesAsync(NpgsqlConnection connection, RollJobs jobs, long keepFrom, CancellationToken cancellationToken);

    /// <summary>Rolls up minutes by the hour.</summary>
    /// <param name="settle">
    /// Whether the minutes are to lie together per entity from now on. They were written one by one with those of all entities,
    /// and a chart of a day would read a page for each.
    /// </param>
    Task RollHoursAsync(NpgsqlConnection connection, RollJobs jobs, bool settle, CancellationToken cancellationToken);
}
