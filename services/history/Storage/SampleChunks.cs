using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.RollUps;
using Forewarn.History.Searches;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Reads a bounded number of rows of one entity, ascending in time.</summary>
sealed class SampleChunks(NpgsqlDataSource database, SchemaCatalog schemas)
{
    /// <summary>Rows as they were measured; the time to go on from, which never lies within an instant.</summary>
    public async Task<(SampleSet? Set, long Next)> ReadRawAsync(EntityUse use, SampleColumns columns, long from, long to, int limit, CancellationToken cancellationToken)
    {
        var bySchema = columns.Sources.ToDictionary(source => source.Use.Schema);
        var rows = new List<(long T, double[] Values)>();
        var count = 0;
        var (last, next) = (from, to);
        await using var snapshot = await Snapshot.OpenAsync(database, cancellationToken);
        await foreach (var row in TickReader.ReadAsync(snapshot, use.Id, [.. bySchema.Keys], from, to, limit, cancellationToken))
        {
            if (count >= limit && row.T != last)
            {
                next = row.T;
                break;
            }
            last = row.T;
            count++;
            var source = bySchema[row.Schema];
            var values = new double[columns.Series.Count];
            Array.Fill(values, double.NaN);
            for (var i = 0; i < source.Ordinals.Length; i++)
                values[source.Targets[i]] = row.Values[source.Ordinals[i]];
            if (!Array.TrueForAll(values, double.IsNaN))
                rows.Add((last, values));
        }
        var set = SetOf(use.Name, columns, [.. rows.Select(row => row.Values)], double.IsNaN, (i, kept) => new SampleRow { T = rows[i].T, Value = Keep(rows[i].Values, kept) });
        return (set, next);
    }

    /// <summary>Buckets of a step, merged from all schemas; chunks begin at multiples of the step, so a bucket lies in one only.</summary>
    public async Task<(SampleSet? Set, long Next)> ReadStepsAsync(
        EntityUse use, SampleColumns columns, SampleRequest request, (long First, long From, long To) span, int limit, CancellationToken cancellationToken)
    {
        var step = request.StepMs;
        var next = Math.Min(span.To, (span.From / step * step) + (limit * step));
        var buckets = new SortedDictionary<long, Bucket[]>();
        // Before this takes a connection, since it may need one of its own.
        var stored = new Dictionary<int, StoredSchema>();
        foreach (var source in columns.Sources)
            stored[source.Use.Schema] = await schemas.GetAsync(source.Use.Schema, cancellationToken);
        await using var snapshot = await Snapshot.OpenAsync(database, cancellationToken);
        var coverage = await CoverageReader.ReadAsync(snapshot.Connection, StreamTable.Ticks.Stream, use.Id, request.From, request.To, cancellationToken);
        // The plan is that of the whole question: where only coarser rows are left, one of them must not fall into two chunks.
        // The first of them may begin before the question does; it belongs to the first chunk.
        var begin = span.From <= span.First ? 0 : span.From;
        var parts = RangePlan.Of(request.From, request.To, step, coverage)
            .Select(part => part with { From = Math.Max(part.From, begin), To = Math.Min(part.To, next) })
            .Where(part => part.From < part.To).ToList();
        // A bucket of an hour may begin before the schema was first seen.
        foreach (var source in columns.Sources.Where(source => Level.Hour.Floor(source.Use.First) < next && source.Use.Last >= span.From))
        {
            await BucketReader.ReadAsync(snapshot, (use.Id, stored[source.Use.Schema]), source.Ordinals, parts, step, (t, i, bucket) =>
            {
                if (!buckets.TryGetValue(t, out var row))
                    buckets.Add(t, row = [.. Enumerable.Repeat(Bucket.Empty, columns.Series.Count)]);
                row[source.Targets[i]] = row[source.Targets[i]].Add(bucket);
            }, cancellationToken);
        }
        var times = buckets.Keys.ToList();
        var set = SetOf(use.Name, columns, [.. buckets.Values], bucket => bucket.Count == 0, (i, kept) => RowOf(times[i], Keep(buckets[times[i]], kept)));
        return (set, next);
    }

    /// <summary>Without the columns in which nothing was measured; null without rows.</summary>
    static SampleSet? SetOf<T>(string entity, SampleColumns columns, List<T[]> rows, Predicate<T> isEmpty, Func<int, int[], SampleRow> rowOf)
    {
        if (rows.Count == 0)
            return null;
        int[] kept = [.. Enumerable.Range(0, columns.Series.Count).Where(column => rows.Exists(row => !isEmpty(row[column])))];
        return new SampleSet(entity, Keep([.. columns.Series], kept), [.. Enumerable.Range(0, rows.Count).Select(i => rowOf(i, kept))]);
    }

    static T[] Keep<T>(T[] row, int[] kept) => Array.ConvertAll(kept, column => row[column]);

    static SampleRow RowOf(long t, Bucket[] buckets) => new()
    {
        T = t,
        Min = Array.ConvertAll(buckets, bucket => bucket.Count == 0 ? double.NaN : bucket.Min),
        Max = Array.ConvertAll(buckets, bucket => bucket.Count == 0 ? double.NaN : bucket.Max),
        Mean = Array.ConvertAll(buckets, bucket => bucket.Count == 0 ? double.NaN : bucket.Sum / bucket.Count),
        Count = Array.ConvertAll(buckets, bucket => bucket.Count),
    };
}
