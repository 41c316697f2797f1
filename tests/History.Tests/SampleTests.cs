using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.History.Tests;

public sealed class SampleTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    HistoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await shared.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Any rows of several entities and schemas, any values that JSON can hold, any size of page: what comes is what was stored, bit for bit.</summary>
    [Fact]
    public async Task Pages_of_any_size_give_every_measured_value_once_and_exactly()
    {
        var wide = _app.Schema("a", "b");
        var narrow = _app.Schema("b");
        var round = 0;
        var value = Gen.OneOf(Gen.Double.Where(double.IsFinite), Gen.Const(double.NaN), Gen.Const(-0.0), Gen.Const(5e-324));
        var rows = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 60_000], value, value, Gen.Bool).List[1, 40];
        using var client = _app.Client();

        await Gen.Select(rows, Gen.Int[1, 12]).SampleAsync(async (samples, limit) =>
        {
            var prefix = $"any{Interlocked.Increment(ref round)}-";
            await _app.StoreAsync(0, samples.Select((s, i) => s.Item5
                ? HistoryApp.Batch(wide, prefix + s.Item1, "p", i + 1, new MetricRow(HistoryApp.At(0) + s.Item2, [s.Item3, s.Item4]))
                : HistoryApp.Batch(narrow, prefix + s.Item1, "p", i + 1, new MetricRow(HistoryApp.At(0) + s.Item2, [s.Item4]))));
            var expected = samples.SelectMany(s => s.Item5
                    ? new[] { (prefix + s.Item1, "a", HistoryApp.At(0) + s.Item2, Bits(s.Item3)), (prefix + s.Item1, "b", HistoryApp.At(0) + s.Item2, Bits(s.Item4)) }
                    : [(prefix + s.Item1, "b", HistoryApp.At(0) + s.Item2, Bits(s.Item4))])
                .Where(sample => sample.Item3 >= HistoryApp.At(5) && sample.Item3 < HistoryApp.At(55) && sample.Item4 != Bits(double.NaN));

            var found = await ReadAsync(client, $"entity={prefix}*&from={HistoryApp.At(5)}&to={HistoryApp.At(55)}", limit);

            found.Select(one => (one.Entity, one.Name, one.Row.T, Bits(one.Row.Value![one.Index]))).Order().ShouldBe(expected.Order());
            foreach (var series in found.GroupBy(one => (one.Entity, one.Name)))
                series.Select(one => one.Row.T).ShouldBe(series.Select(one => one.Row.T).Order());
        }, iter: 25, threads: 1);
    }

    /// <summary>Steps over roll-ups and raw rows, on pages of any size, against a loop over the samples.</summary>
    [Theory]
    [InlineData(10_000)]
    [InlineData(7_000)]
    [InlineData(3_600_000)]
    public async Task Steps_give_what_a_loop_over_the_samples_gives(long step)
    {
        var entity = $"steps{step}";
        var schema = _app.Schema("s", "u");
        var samples = Enumerable.Range(-800, 800).Select(i => (T: HistoryApp.At(i * 13.0), S: Math.Sin(i), U: i % 3 == 0 ? double.NaN : i)).ToList();
        await _app.StoreAsync(0, HistoryApp.Batch(schema, entity, "p", 1, [.. samples.Select(one => new MetricRow(one.T, [one.S, one.U]))]));
        await _app.RollUpAsync();
        long from = HistoryApp.At(-9_000) + 1, to = HistoryApp.At(-100) + 1;
        using var client = _app.Client();

        foreach (var limit in new[] { 1000, 333, 17 })
        {
            var found = await ReadAsync(client, $"entity={entity}&name=u&from={from}&to={to}&step={step}", limit);

            var expected = samples.Where(one => one.T >= from && one.T < to && !double.IsNaN(one.U)).GroupBy(one => one.T / step * step)
                .Select(group => (group.Key, group.Min(one => one.U), group.Max(one => one.U), group.Count())).ToList();
            found.Select(one => (one.Row.T, one.Row.Min![0], one.Row.Max![0], (int)one.Row.Count![0])).ShouldBe(expected);
            found.ShouldAllBe(one => Math.Abs(one.Row.Mean![0] - (one.Row.Min![0] + one.Row.Max![0]) / 2) <= 1 || step > 10_000);
        }
    }

    /// <summary>Where raw rows are past their retention and only hours are left, each of them comes once, whatever the step and the pages.</summary>
    [Fact]
    public async Task What_only_coarse_roll_ups_hold_comes_once_on_pages_of_any_size()
    {
        var schema = _app.Schema("old");
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "old", "p", 1, [.. Enumerable.Range(0, 5 * 60).Select(i => new MetricRow(HistoryApp.At((i * 60) - 18_000), [i]))]));
        await _app.RollUpAsync();
        await _app.ExecuteAsync("UPDATE history.roll_ups SET kept_raw = rolled_hours, kept_10s = rolled_hours, kept_1m = rolled_hours WHERE stream = 'r'");
        using var client = _app.Client();

        foreach (var limit in new[] { 1, 2, 1000, 50_000 })
        {
            var found = await ReadAsync(client, $"entity=old&from={HistoryApp.At(-17_000)}&to={HistoryApp.At(-5_000)}&step=5000", limit);
            found.Select(one => (one.Row.T, one.Row.Count![0])).ShouldBe([.. Enumerable.Range(0, 4).Select(i => (HistoryApp.At((i * 3600) - 18_000), 60L))]);
        }
        await _app.ExecuteAsync("UPDATE history.roll_ups SET kept_raw = 'epoch', kept_10s = 'epoch', kept_1m = 'epoch' WHERE stream = 'r'");
    }

    [Fact]
    public async Task A_span_of_all_time_takes_a_few_pages_only_and_each_stays_small()
    {
        var schema = _app.Schema([.. Enumerable.Range(0, 200).Select(i => $"wide{i}")]);
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "wide", "p", 1, [.. Enumerable.Range(0, 900).Select(i => new MetricRow(HistoryApp.At(i), [.. Enumerable.Range(0, 200).Select(j => -1.0 / (i + j + 3) * 1e-200)]))]));
        using var client = _app.Client();

        (await ReadAsync(client, "entity=wide&from=0&to=253370764800000", null)).Count.ShouldBe(900 * 200);
        (await ReadAsync(client, "entity=wide&from=0&to=253370764800000&step=1000", null)).Count.ShouldBe(900 * 200);
        (await ReadAsync(client, "entity=wide&from=0&to=253370764800000&step=86400000", null)).Count.ShouldBe(200);
    }

    [Theory]
    [InlineData("/v1/samples?to=5", "from")]
    [InlineData("/v1/samples?from=6&to=5", "to")]
    [InlineData("/v1/samples?from=0&to=5&step=-1", "step")]
    [InlineData("/v1/samples?from=0&to=5&step=99999999999999", "step")]
    [InlineData("/v1/samples?from=0&to=5&entity=nobody", "entity")]
    [InlineData("/v1/samples?from=0&to=5&label=x", "label")]
    [InlineData("/v1/samples?from=0&to=5&cursor=5", "cursor")]
    [InlineData("/v1/samples?from=0&to=5&limit=50001", "limit")]
    public async Task A_question_that_cannot_be_answered_names_the_field(string path, string field)
    {
        using var client = _app.Client();
        await Pages.ShouldRefuseAsync(client, path, field);
    }

    [Fact]
    public async Task More_series_than_a_page_can_describe_are_refused_with_what_to_do()
    {
        var text = new string('x', 250);
        var labels = Enumerable.Range(0, 16).ToDictionary(i => $"l{i}", _ => text);
        var schema = _app.Schema([.. Enumerable.Range(0, 500).Select(i => SeriesColumn.Of($"many.{i}", "1", labels))]);
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "many", "p", 1, new MetricRow(HistoryApp.At(0), [.. Enumerable.Repeat(1.0, 500)])));
        using var client = _app.Client();

        await Pages.ShouldRefuseAsync(client, $"/v1/samples?entity=many&from={HistoryApp.At(0)}&to={HistoryApp.At(1)}", "name");
        (await ReadAsync(client, $"entity=many&name=many.1*&from={HistoryApp.At(0)}&to={HistoryApp.At(1)}", null)).Count.ShouldBe(111);
    }

    static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    /// <summary>Every value that was measured, from page after page.</summary>
    static async Task<List<(string Entity, string Name, SampleRow Row, int Index)>> ReadAsync(HttpClient client, string query, int? limit)
    {
        var found = new List<(string, string, SampleRow, int)>();
        string? cursor = null;
        var pages = 0;
        do
        {
            var page = await Pages.ReadAsync(client, $"/v1/samples?{query}", ContractJson.Default.SamplePage, cursor, limit);
            found.AddRange(page.Sets.SelectMany(set => set.Rows.SelectMany(row => set.Series.Select((series, i) => (set.Entity, series.Name, row, i))))
                .Where(one => one.row.Value is { } values ? !double.IsNaN(values[one.i]) : one.row.Count![one.i] > 0));
            cursor = page.Next;
            (++pages).ShouldBeLessThan(3000, "the pages come to an end");
        }
        while (cursor is not null);
        return found;
    }
}
