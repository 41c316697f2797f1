using Forewarn.Contracts;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

public sealed class LatestTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    HistoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await shared.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_masked_value_falls_back_to_the_newest_measured_one_and_not_further_than_the_look_back()
    {
        var schema = _app.Schema("a", "b", "c", "d");
        var last = 2 * LatestReader.LookBackMs / 1000.0;
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "masked", "p", 1,
            new(HistoryApp.At(0), [1, 1, 1, double.NaN]),
            new(HistoryApp.At(last - 100), [2, 2, double.NaN, double.NaN]),
            new(HistoryApp.At(last - 50), [3, double.NaN, double.NaN, double.NaN]),
            new(HistoryApp.At(last), [4, double.NaN, double.NaN, double.NaN])));

        var values = await ReadAsync("entity=masked");

        values.OrderBy(one => one.Name).Select(one => (one.Name, one.T, one.Value)).ShouldBe([("a", HistoryApp.At(last), 4), ("b", HistoryApp.At(last - 100), 2)]);
        values[0].Unit.ShouldBe("1");
        values[0].Labels["cpu"].ShouldBe("0");
    }

    [Fact]
    public async Task A_series_in_several_schemas_has_one_newest_value()
    {
        var (old, young) = (_app.Schema("x", "y"), _app.Schema("y", "z"));
        await _app.StoreAsync(0,
            HistoryApp.Batch(young, "moved", "p", 1, new MetricRow(HistoryApp.At(10), [5, 6])),
            HistoryApp.Batch(old, "moved", "p", 2, new MetricRow(HistoryApp.At(0), [1, 2])));

        var values = await ReadAsync("entity=moved");

        values.OrderBy(one => one.Name).Select(one => (one.Name, one.Value)).ShouldBe([("x", 1), ("y", 5), ("z", 6)]);
        (await ReadAsync("entity=moved&name=z")).ShouldHaveSingleItem().Value.ShouldBe(6);
        (await ReadAsync($"entity=mov*&series={young.Columns[0].Id}")).ShouldHaveSingleItem().Value.ShouldBe(5);
    }

    [Fact]
    public async Task The_newest_row_counts_also_while_its_time_is_not_noted_yet()
    {
        var schema = _app.Schema("n");
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "noted", "p", 1, new MetricRow(HistoryApp.At(0), [1])));
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "noted", "p", 2, new MetricRow(HistoryApp.At(4), [2])));

        (await ReadAsync("entity=noted")).ShouldHaveSingleItem().Value.ShouldBe(2);
    }

    [Fact]
    public async Task Series_are_listed_from_their_first_to_their_last_time_and_longer_than_samples_where_it_is_asked_for()
    {
        var schema = _app.Schema("seen");
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "seen", "p", 1, new(HistoryApp.At(0), [1]), new(HistoryApp.At(60), [1])));
        using var client = _app.Client();
        var info = (await Pages.AllAsync(client, "/v1/series?entity=seen", ContractJson.Default.PageSeriesInfo)).ShouldHaveSingleItem();
        (info.FirstSeen, info.LastSeen).ShouldBe((HistoryApp.At(0), HistoryApp.At(60)));

        // As if it had been quiet for longer than samples are kept, and hours are still there.
        await _app.ExecuteAsync("UPDATE history.entity_schemas p SET first_seen = first_seen - interval '60 days', last_seen = last_seen - interval '60 days' FROM history.entities e WHERE e.id = p.entity AND e.name = 'seen'");

        (await Pages.AllAsync(client, "/v1/series?entity=seen", ContractJson.Default.PageSeriesInfo)).ShouldBeEmpty();
        (await Pages.AllAsync(client, "/v1/entities?entity=seen", ContractJson.Default.PageEntityInfo)).ShouldBeEmpty();
        (await Pages.AllAsync(client, "/v1/series?entity=seen&since=0", ContractJson.Default.PageSeriesInfo)).ShouldHaveSingleItem();
        (await Pages.AllAsync(client, "/v1/entities?entity=seen&since=0", ContractJson.Default.PageEntityInfo)).ShouldHaveSingleItem();
        (await Pages.AllAsync(client, $"/v1/series?entity=seen&since={HistoryApp.At(0)}", ContractJson.Default.PageSeriesInfo)).ShouldBeEmpty();
    }

    async Task<List<LatestValue>> ReadAsync(string query)
    {
        using var client = _app.Client();
        return await Pages.AllAsync(client, $"/v1/latest?{query}", ContractJson.Default.PageLatestValue);
    }
}
