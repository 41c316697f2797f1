using System.Net;
using System.Text.Json;
using CsCheck;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

public sealed class RangeTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    HistoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await shared.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Buckets of two schemas that share a series, with masked values, against a loop over the samples.</summary>
    [Fact]
    public async Task Buckets_equal_what_a_loop_over_the_samples_gives()
    {
        var wide = _app.Schema("a", "b");
        var narrow = _app.Schema("b");
        var ids = wide.Columns.Select(column => column.Id).ToArray();
        var round = 0;
        var value = Gen.OneOf(Gen.Double[-1e6, 1e6], Gen.Const(double.NaN));
        var rows = Gen.Select(Gen.Int[0, 90_000], value, value, Gen.Bool).List[1, 60];

        await Gen.Select(rows, Gen.Int[1, 20_000]).SampleAsync(async (samples, step) =>
        {
            var entity = $"range{Interlocked.Increment(ref round)}";
            await _app.StoreAsync(0, samples.Select((s, i) => s.Item4
                ? HistoryApp.Batch(wide, entity, "p", i + 1, new MetricRow(HistoryApp.At(0) + s.Item1, [s.Item2, s.Item3]))
                : HistoryApp.Batch(narrow, entity, "p", i + 1, new MetricRow(HistoryApp.At(0) + s.Item1, [s.Item3]))));
            long from = HistoryApp.At(0) + 5_000, to = HistoryApp.At(0) + 80_000;
            var asked = RangeRequest.Parse(entity, samples.Any(s => s.Item4) ? $"{ids[1]},{ids[0]}" : ids[1], from, to, Math.Max(step, 100), scores: false);

            var result = await _app.Get<RangeReader>().ReadAsync(asked, default);

            foreach (var series in result.Series)
            {
                var own = samples.Where(s => series.Name == "b" || s.Item4)
                    .Select(s => (T: HistoryApp.At(0) + s.Item1, V: series.Name == "a" ? s.Item2 : s.Item3))
                    .Where(s => s.T >= from && s.T < to && !double.IsNaN(s.V))
                    .GroupBy(s => s.T / asked.StepMs * asked.StepMs).ToDictionary(group => group.Key, group => group.Select(s => s.V).ToList());
                own.Keys.ShouldBeSubsetOf(result.T);
                for (var i = 0; i < result.T.Count; i++)
                {
                    var expected = own.GetValueOrDefault(result.T[i]);
                    ShouldBeNear(series.Mean[i], expected?.Average());
                    ShouldBeNear(series.Min![i], expected?.Min());
                    ShouldBeNear(series.Max![i], expected?.Max());
                }
            }
        }, iter: 30, threads: 1);
    }

    /// <summary>One or a few columns of many, half of them and all; in an order of their own; raw and rolled up.</summary>
    [Theory]
    [InlineData("7")]
    [InlineData("8 0")]
    [InlineData("6 3 5 4")]
    [InlineData("1 8 4 0 6")]
    [InlineData("8 7 6 5 4 3 2 1 0")]
    public async Task Any_columns_of_a_schema_come_with_their_own_values(string wanted)
    {
        var schema = _app.Schema([.. "abcdefghi".Select(name => name.ToString())]);
        var entity = $"columns {wanted}";
        await _app.StoreAsync(0, HistoryApp.Batch(schema, entity, "p", 1, [.. new[] { -7_200, -7_199, 0, 1 }.Select(second => new MetricRow(
            HistoryApp.At(second), [.. Enumerable.Range(0, 9).Select(column => column == 4 ? double.NaN : (100 * column) + (second & 1))]))]));
        await _app.RollUpAsync();
        int[] columns = [.. wanted.Split(' ').Select(int.Parse)];
        var ids = string.Join(',', columns.Select(column => schema.Columns[column].Id));

        var result = await _app.Get<RangeReader>().ReadAsync(
            RangeRequest.Parse(entity, ids, HistoryApp.At(-7_200), HistoryApp.At(60), 60_000, scores: false), TestContext.Current.CancellationToken);

        result.Series.Select(series => series.Name[0] - 'a').ShouldBe(columns);
        foreach (var (column, series) in columns.Zip(result.Series))
        {
            double[] Twice(double value) => column == 4 ? [double.NaN, double.NaN] : [value, value];
            int[] stored = [0, result.T.Count - 1];
            stored.Select(i => series.Mean[i]).ShouldBe(Twice((100 * column) + 0.5));
            stored.Select(i => series.Min![i]).ShouldBe(Twice(100 * column));
            stored.Select(i => series.Max![i]).ShouldBe(Twice((100 * column) + 1));
        }
    }

    [Fact]
    public async Task Scores_show_the_strangest_verdict_of_the_finest_cadence_of_a_bucket_and_any_anomaly()
    {
        await _app.StoreAsync(0, HistoryApp.Batch(_app.Schema("a"), "scored", "p", 1, new MetricRow(HistoryApp.At(0), [1])));
        await _app.StorePredictionsAsync(
            Verdicts(1, 1_000, (0, 0.4f, 0.5, false), (1, 0.7f, 0.01, false), (10, 0.3f, 0.9, false)),
            Verdicts(2, 60_000, (0, 0.9f, 1e-9, true), (40, 0.6f, 0.2, false)));

        var request = RangeRequest.Parse("scored", null, HistoryApp.At(0), HistoryApp.At(60), 10_000, scores: true);
        var scores = (await _app.Get<RangeReader>().ReadAsync(request, default)).Scores.ShouldNotBeNull();

        scores.Score.Select(score => Math.Round(score, 3)).ShouldBe([0.7, 0.3, 0.6]);
        scores.P.ShouldBe([0.01, 0.9, 0.2]);
        scores.Anomalous.ShouldBe([true, false, false]);
    }

    [Fact]
    public async Task A_hole_breaks_the_line_with_one_empty_bucket()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "hole", "p", 1, [.. new[] { 0, 1, 2, 30, 31 }.Select(s => new MetricRow(HistoryApp.At(s), [s]))]));

        var request = RangeRequest.Parse("hole", schema.Columns[0].Id, HistoryApp.At(0), HistoryApp.At(60), null, scores: false);
        var result = await _app.Get<RangeReader>().ReadAsync(request, default);

        result.StepMs.ShouldBe(1_000);
        result.T.Select(t => (t - HistoryApp.At(0)) / 1000).ShouldBe([0, 1, 2, 3, 30, 31]);
        result.Series[0].Mean.ShouldBe([0, 1, 2, double.NaN, 30, 31]);
    }

    [Fact]
    public async Task Raw_pages_give_every_row_once_in_order_and_never_cut_an_instant()
    {
        var one = _app.Schema("a");
        var two = _app.Schema("b", "c");
        await _app.StoreAsync(0,
            HistoryApp.Batch(one, "raw", "p", 1, [.. Enumerable.Range(0, 50).Select(i => new MetricRow(HistoryApp.At(i), [i + 0.1]))]),
            HistoryApp.Batch(two, "raw", "p", 2, [.. Enumerable.Range(0, 50).Select(i => new MetricRow(HistoryApp.At(i), [double.NaN, i]))]));
        using var client = _app.Client();
        var seen = new List<(string Schema, long T, double V)>();
        long? from = HistoryApp.At(0);
        while (from is { } start)
        {
            var json = await client.GetStringAsync($"/v1/raw?entity=raw&from={start}&to={HistoryApp.At(50)}&limit=7", TestContext.Current.CancellationToken);
            var page = JsonSerializer.Deserialize(json, ContractJson.Default.RawRows)!;
            seen.AddRange(page.Sets.SelectMany(set => set.Rows.Select(row => (set.Schema, row.T, row.Values[^1]))));
            from = page.Next;
        }
        seen.Where(row => row.Schema == one.Hash).Select(row => row.V).ShouldBe(Enumerable.Range(0, 50).Select(i => i + 0.1));
        seen.Where(row => row.Schema == two.Hash).Select(row => row.V).ShouldBe(Enumerable.Range(0, 50).Select(i => (double)i));
    }

    [Fact]
    public async Task An_entity_that_nobody_has_seen_has_no_rows()
    {
        var rows = await _app.Get<RawReader>().ReadAsync("unseen", 0, 1, 10, TestContext.Current.CancellationToken);

        rows.Sets.ShouldBeEmpty();
        rows.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Entities_and_series_come_in_pages()
    {
        foreach (var entity in new[] { "list-b", "list-a", "list-c" })
            await _app.StoreAsync(0, HistoryApp.Batch(_app.Schema("x", "y", "z"), entity, "p", 1, new MetricRow(HistoryApp.At(0), [1, 2, 3])));
        using var client = _app.Client();

        var entities = JsonSerializer.Deserialize(await client.GetStringAsync("/v1/entities?limit=2&cursor=list-", TestContext.Current.CancellationToken), ContractJson.Default.PageEntityInfo)!;
        entities.Items.Select(entity => (entity.Entity, entity.Series, entity.LastSeen)).ShouldBe([("list-a", 3, HistoryApp.At(0)), ("list-b", 3, HistoryApp.At(0))]);
        entities.Next.ShouldBe("list-b");

        var names = new List<string>();
        for (var cursor = "0000000000000000.list-"; cursor is not null;)
        {
            var page = JsonSerializer.Deserialize(await client.GetStringAsync($"/v1/series?limit=2&cursor={Uri.EscapeDataString(cursor)}", TestContext.Current.CancellationToken), ContractJson.Default.PageSeriesInfo)!;
            names.AddRange(page.Items.Select(series => series.Entity + series.Name));
            cursor = page.Next;
        }
        names.Where(name => name.StartsWith("list-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(["list-ax", "list-ay", "list-az", "list-bx", "list-by", "list-bz", "list-cx", "list-cy", "list-cz"]);
    }

    [Theory]
    [InlineData("/v1/range?series=0123456789abcdef&from=1&to=2", "entity")]
    [InlineData("/v1/range?entity=nobody&series=0123456789abcdef&from=1&to=2", "entity")]
    [InlineData("/v1/range?entity=e&from=1&to=2", "series")]
    [InlineData("/v1/range?entity=e&series=short&from=1&to=2", "series")]
    [InlineData("/v1/range?entity=e&series=0123456789abcdef&to=2", "from")]
    [InlineData("/v1/range?entity=e&series=0123456789abcdef&from=x&to=2", "from")]
    [InlineData("/v1/range?entity=e&series=0123456789abcdef&from=3&to=2", "to")]
    [InlineData("/v1/range?entity=e&series=0123456789abcdef&from=0&to=9999999999999999", "to")]
    [InlineData("/v1/range?entity=e&series=0123456789abcdef&from=0&to=100000&step=10", "step")]
    [InlineData("/v1/range?entity=e&series=0123456789abcdef&from=0&to=100000&step=-1", "step")]
    [InlineData("/v1/range?entity=e&series=0123456789abcdef&from=0&to=100000&step=999999999999999999", "step")]
    [InlineData("/v1/range?entity=e&series=0123456789abcdef&from=0&to=1&scores=maybe", "scores")]
    [InlineData("/v1/raw?entity=e&from=0&to=1&limit=0", "limit")]
    [InlineData("/v1/raw?entity=e&from=0&to=1&limit=many", "limit")]
    [InlineData("/v1/entities?limit=1001", "limit")]
    [InlineData("/v1/series?cursor=wrong", "cursor")]
    [InlineData("/v1/incidents?status=closed", "status")]
    [InlineData("/v1/incidents?cursor=wrong", "cursor")]
    public async Task A_question_that_cannot_be_answered_names_the_field(string path, string field)
    {
        using var client = _app.Client();
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        problem.RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
    }

    /// <summary>Seven digits, and a sum that another order of addition may end differently.</summary>
    static void ShouldBeNear(double shown, double? expected)
    {
        if (expected is { } number)
            shown.ShouldBe(number, Math.Abs(number) * 1e-6 + 1e-6);
        else
            shown.ShouldBe(double.NaN);
    }

    static PredictionBatch Verdicts(long seq, int cadenceMs, params (double Seconds, float Score, double P, bool Anomalous)[] ticks) => new()
    {
        Entity = "scored",
        Producer = "p",
        Seq = seq,
        Schema = "s",
        Model = "m",
        CadenceMs = cadenceMs,
        Maturity = EntityMaturity.Warm,
        Ticks = [.. ticks.Select(tick => new PredictionTick { T = HistoryApp.At(tick.Seconds), Score = tick.Score, P = tick.P, Anomalous = tick.Anomalous })],
    };
}
