using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.RollUps;
using Forewarn.History.Searches;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Reads a bounded number of rows of one entity.</summary>
sealed class SampleChunks(NpgsqlDataSource database)
{
    /// <summary>Rows as they were measured; the time to go on from, which never lies within an instant.</summary>
    public async Task<(List<SampleSet> Sets, long Next)> ReadRawAsync(
        EntityUse use, IReadOnlyList<SampleSource> sources, long from, long to, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT t, schema, values FROM history.ticks
            WHERE entity = $1 AND t >= $2 AND t < $3 AND schema = ANY($5) ORDER BY t FETCH FIRST $4 ROWS WITH TIES
            """);
        command.Parameters.Add(new() { Value = use.Id });
        command.Parameters.Add(RangeReader.Time(from));
        command.Parameters.Add(RangeReader.Time(to));
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = sources.Select(source => source.Use.Schema).ToArray() });
        var sets = sources.ToDictionary(source => source.Use.Schema, _ => new List<SampleRow>());
        var rows = 0;
        var last = from;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            var bySchema = sources.ToDictionary(source => source.Use.Schema);
            while (await reader.ReadAsync(cancellationToken))
            {
                last = RangeReader.UnixMs(reader.GetDateTime(0));
                rows++;
                var all = await reader.GetFieldValueAsync<double[]>(2, cancellationToken);
                var values = Array.ConvertAll(bySchema[reader.GetInt32(1)].Ordinals, ordinal => all[ordinal]);
                if (!Array.TrueForAll(values, double.IsNaN))
                    sets[reader.GetInt32(1)].Add(new SampleRow { T = last, Value = values });
            }
        }
        var found = sources.Where(source => sets[source.Use.Schema].Count > 0).OrderBy(source => sets[source.Use.Schema][0].T)
            .Select(source => new SampleSet(use.Name, source.Series, sets[source.Use.Schema])).ToList();
        return (found, rows >= limit ? last + 1 : to);
    }

    /// <summary>Buckets of a step, merged from all schemas; chunks begin at multiples of the step, so a bucket lies in one only.</summary>
    public async Task<(List<SampleSet> Sets, long Next)> ReadStepsAsync(
        EntityUse use, IReadOnlyList<SampleSource> sources, SampleRequest request, long from, long to, int limit, CancellationToken cancellationToken)
    {
        var step = request.StepMs;
        var next = Math.Min(to, (from / step * step) + (limit * step));
        var series = sources.SelectMany(source => source.Series).DistinctBy(one => one.Id, StringComparer.Ordinal).ToList();
        var indexes = series.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index, StringComparer.Ordinal);
        var buckets = new SortedDictionary<long, Bucket[]>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var coverage = await CoverageReader.ReadAsync(connection, StreamTable.Ticks.Stream, use.Id, request.From, request.To, cancellationToken);
        // The plan is that of the whole question: where only coarser rows are left, one of them must not fall into two chunks.
        // Their bucket may begin before the question does; it goes to the first chunk.
        var begin = from <= Level.Hour.Floor(Math.Max(request.From, sources.Min(source => source.Use.First))) || from == request.From ? 0 : from;
        var parts = RangePlan.Of(request.From, request.To, step, coverage)
            .Select(part => part with { From = Math.Max(part.From, begin), To = Math.Min(part.To, next) })
            .Where(part => part.From < part.To).GroupBy(part => part.Level).ToList();
        foreach (var source in sources.Where(source => source.Use.First < next && source.Use.Last >= from))
        {
            var columns = Array.ConvertAll(source.Ids, id => indexes[id]);
            foreach (var level in parts)
            {
                await BucketReader.ReadAsync(connection, (use.Id, source.Use.Schema), source.Ordinals, level.Key, [.. level], step, (t, i, bucket) =>
                {
                    if (!buckets.TryGetValue(t, out var row))
                        buckets.Add(t, row = [.. Enumerable.Repeat(Bucket.Empty, series.Count)]);
                    row[columns[i]] = row[columns[i]].Add(bucket);
                }, cancellationToken);
            }
        }
        return (buckets.Count == 0 ? [] : [new SampleSet(use.Name, series, [.. buckets.Select(pair => RowOf(pair.Key, pair.Value))])], next);
    }

    static SampleRow RowOf(long t, Bucket[] buckets) => new()
    {
        T = t,
        Min = Array.ConvertAll(buckets, bucket => bucket.Count == 0 ? double.NaN : bucket.Min),
        Max = Array.ConvertAll(buckets, bucket => bucket.Count == 0 ? double.NaN : bucket.Max),
        Mean = Array.ConvertAll(buckets, bucket => bucket.Count == 0 ? double.NaN : bucket.Sum / bucket.Count),
        Count = Array.ConvertAll(buckets, bucket => bucket.Count),
    };
}
