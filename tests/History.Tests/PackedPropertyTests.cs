using CsCheck;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Searches;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

/// <summary>Any rows in any order, rolled up and packed at any moment, read back in every way there is, against the list of them.</summary>
public sealed class PackedPropertyTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    static readonly Gen<double> AnyValue = Gen.OneOf(Gen.Double.Where(double.IsFinite), Gen.Const(double.NaN), Gen.Const(-0.0), Gen.Const(double.PositiveInfinity), Gen.Const(5e-324));

    /// <summary>Milliseconds before now, mostly of the last minutes, some ahead; values of two columns; which schema.</summary>
    static readonly Gen<Row> AnyRow = Gen.Select(
        Gen.Frequency((6, Gen.Int[-5_000, 200_000]), (1, Gen.Int[0, 20_000_000])), AnyValue, AnyValue, Gen.Bool).Select((age, a, b, wide) => new Row(age, a, b, wide));

    /// <summary>Rows that are stored, seconds that pass, whether minutes are packed then, and whether the message comes again.</summary>
    static readonly Gen<Round> AnyRound = Gen.Select(AnyRow.List[0, 20], Gen.Int[0, 300], Gen.Bool, Gen.Bool)
        .Select((rows, seconds, pack, again) => new Round(rows, seconds, pack, again));

    HistoryApp _app = null!;
    int _round;

    sealed record Row(int AgeMs, double A, double B, bool Wide);

    sealed record Round(List<Row> Rows, int Seconds, bool Pack, bool Again);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await shared.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_was_stored_is_read_back_whatever_is_packed()
    {
        var (wide, narrow) = (_app.Schema("a", "b"), _app.Schema("b"));
        await _app.RollUpAsync();

        await Gen.Select(AnyRound.List[1, 8], Gen.Int[1, 30], Gen.Int[0, 300_000], Gen.Int[1, 400_000]).SampleAsync(async (rounds, limit, offset, span) =>
        {
            var entity = $"any{++_round}";
            var stored = new List<(long T, string Schema, string Values)>();
            // Both schemas are there from the start, so that their series can be asked for.
            var begin = _app.Time.GetUtcNow().ToUnixTimeMilliseconds();
            var seq = 0L;
            await StoreAsync([new Row(0, 1, 2, true), new Row(0, 3, 4, false)]);
            foreach (var round in rounds)
            {
                var packing = round.Pack ? _app.RollUpAsync() : Task.CompletedTask;
                var batches = await StoreAsync(round.Rows);
                await packing;
                _app.Time.Advance(TimeSpan.FromSeconds(round.Seconds));
                if (round.Again)
                    (await _app.StoreAsync(0, batches)).Duplicates.ShouldBe(batches.Count);
            }
            await CompareAsync(entity, wide, stored, (0, RangeRequest.LastMs), limit);
            await CompareAsync(entity, wide, stored, (begin - 100_000 + offset, begin - 100_000 + offset + span), limit);
            await RangeAsync(entity, wide, stored, begin - 100_000 + offset);
            await LatestAsync(entity, stored);

            async Task<List<MetricBatch>> StoreAsync(List<Row> rows)
            {
                var now = _app.Time.GetUtcNow().ToUnixTimeMilliseconds();
                var batches = rows.ConvertAll(row => HistoryApp.Batch(
                    row.Wide ? wide : narrow, entity, "p", ++seq, new MetricRow(now - row.AgeMs, row.Wide ? [row.A, row.B] : [row.B])));
                stored.AddRange(batches.Select(batch => (batch.Rows[0].T, batch.Schema, Text(batch.Rows[0].Values))));
                (await _app.StoreAsync(0, batches)).Duplicates.ShouldBe(0);
                return batches;
            }
        }, iter: 40, threads: 1);
    }

    async Task CompareAsync(string entity, SeriesSchema wide, List<(long T, string Schema, string Values)> stored, (long From, long To) span, int limit)
    {
        var expected = stored.Where(row => row.T >= span.From && row.T < span.To).Order().ToList();
        (await RawAsync(entity, span, limit)).ShouldBe(expected);

        var samples = expected.SelectMany(row => Values(row).Select((value, i) => (row.T, Name: row.Schema == wide.Hash && i == 0 ? "a" : "b", Value: value)))
            .Where(sample => !double.IsNaN(sample.Value)).Select(sample => (sample.T, sample.Name, Text([sample.Value]))).Order().ToList();
        (await SamplesAsync(entity, span, limit)).ShouldBe(samples);
        (await ViewAsync(entity, span)).ShouldBe(samples);
    }

    async Task RangeAsync(string entity, SeriesSchema wide, List<(long T, string Schema, string Values)> stored, long from)
    {
        var b = stored.Where(row => row.T >= from && row.T < from + 300_000).Select(row => (row.T, Value: Values(row)[^1])).Where(row => !double.IsNaN(row.Value))
            .GroupBy(row => row.T / 1_000 * 1_000).OrderBy(group => group.Key).ToList();

        var result = await _app.Get<RangeReader>().ReadAsync(RangeRequest.Parse(entity, wide.Columns[1].Id, from, from + 300_000, 1_000, scores: false), Token);

        var points = result.T.Zip(result.Series[0].Min!, result.Series[0].Max!).Where(point => !double.IsNaN(point.Second)).ToList();
        points.ShouldBe(b.ConvertAll(group => (group.Key, SignificantDigits.Round(group.Min(row => row.Value)), SignificantDigits.Round(group.Max(row => row.Value)))));
    }

    /// <summary>Of "b", the last column of both schemas. When a schema was last seen is noted a little late, so nothing is said of values from the end of the look-back.</summary>
    async Task LatestAsync(string entity, List<(long T, string Schema, string Values)> stored)
    {
        var newest = stored.GroupBy(row => row.Schema).Select(rows => (
            Seen: rows.Max(row => row.T), T: rows.Where(row => !double.IsNaN(Values(row)[^1])).Select(row => (long?)row.T).Max())).ToList();
        if (newest.Exists(schema => Math.Abs(schema.Seen - LatestReader.LookBackMs - (schema.T ?? 0)) < 120_000))
            return;
        var expected = newest.Where(schema => schema.T > schema.Seen - LatestReader.LookBackMs).Max(schema => schema.T);

        var found = await _app.Get<LatestReader>().ReadAsync(SeriesFilter.Parse(entity, "b"), SeriesCursor.Start, 10, Token);

        found.SingleOrDefault()?.T.ShouldBe(expected!.Value);
        found.Count.ShouldBe(expected is null ? 0 : 1);
        if (expected is { } t)
            stored.Where(row => row.T == t).Select(row => Text([Values(row)[^1]])).ShouldContain(Text([found[0].Value]));
    }

    async Task<List<(long T, string Schema, string Values)>> RawAsync(string entity, (long From, long To) span, int limit)
    {
        var rows = new List<(long, string, string)>();
        for (long? from = span.From; from is { } begin;)
        {
            var page = await _app.Get<RawReader>().ReadAsync(entity, begin, span.To, limit, Token);
            foreach (var set in page.Sets)
                set.Rows.Select(row => row.T).ShouldBeInOrder();
            rows.AddRange(page.Sets.SelectMany(set => set.Rows.Select(row => (row.T, set.Schema, Text(row.Values)))));
            from = page.Next;
        }
        return [.. rows.Order()];
    }

    async Task<List<(long T, string Name, string Value)>> SamplesAsync(string entity, (long From, long To) span, int limit)
    {
        var found = new List<(long, string, string)>();
        var request = SampleRequest.Parse(SeriesFilter.Parse(entity), span.From, span.To, null, limit);
        SampleCursor? after = null;
        do
        {
            var page = await _app.Get<SampleReader>().ReadAsync(request, after, Token);
            found.AddRange(page.Sets.SelectMany(set => set.Rows.SelectMany(row => set.Series.Select((series, i) => (row.T, series.Name, Value: row.Value![i]))))
                .Where(sample => !double.IsNaN(sample.Value)).Select(sample => (sample.T, sample.Name, Text([sample.Value]))));
            after = page.Next is { } next && SampleCursor.TryParse(next, out var cursor) ? cursor : null;
        }
        while (after is not null);
        return [.. found.Order()];
    }

    async Task<List<(long T, string Name, string Value)>> ViewAsync(string entity, (long From, long To) span)
    {
        await using var command = _app.Database.CreateCommand("SELECT t, name, value FROM history.samples_between($1, $2) WHERE entity = $3");
        command.Parameters.Add(RangeReader.Time(span.From));
        command.Parameters.Add(RangeReader.Time(span.To));
        command.Parameters.Add(new() { Value = entity });
        await using var reader = await command.ExecuteReaderAsync(Token);
        var found = new List<(long, string, string)>();
        while (await reader.ReadAsync(Token))
            found.Add((RangeReader.UnixMs(reader.GetDateTime(0)), reader.GetString(1), Text([reader.GetDouble(2)])));
        return [.. found.Order()];
    }

    /// <summary>As bits, because NaN equals nothing and -0 equals 0.</summary>
    static string Text(double[] values) => string.Join(' ', values.Select(BitConverter.DoubleToInt64Bits));

    static double[] Values((long, string, string Values) row) =>
        [.. row.Values.Split(' ').Select(bits => BitConverter.Int64BitsToDouble(long.Parse(bits, System.Globalization.CultureInfo.InvariantCulture)))];
}
