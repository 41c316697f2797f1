using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.History.Tests;

public sealed class PredictionTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    static readonly string Everything = $"/v1/predictions?from={HistoryApp.At(-3600)}&to={HistoryApp.At(7200)}";

    HistoryApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await shared.StartAsync();
        if (await _app.ScalarAsync<long>("SELECT count(*) FROM history.entities") > 0)
            return;
        var seq = 0;
        // Two replicas judged the last ticks of one entity, twice with the same words.
        foreach (var (entity, cadence, ticks, model) in new[]
        {
            ("p-a", 1_000, Enumerable.Range(0, 12), "m1"), ("p-b", 1_000, Enumerable.Range(0, 9), "m1"), ("p-a", 60_000, Enumerable.Range(0, 2).Select(i => i * 60), "m1"),
            ("p-a", 1_000, Enumerable.Range(8, 4), "m1"), ("p-a", 1_000, Enumerable.Range(10, 2), "m2"), ("p-b", 1_000, Enumerable.Range(3000, 3), "m2"),
        })
        {
            await _app.StorePredictionsAsync(new PredictionBatch
            {
                Entity = entity,
                Producer = $"p{++seq}",
                Seq = 1,
                Schema = "s",
                Model = model,
                CadenceMs = cadence,
                Maturity = EntityMaturity.Warm,
                Ticks = [.. ticks.Select(i => new PredictionTick { T = HistoryApp.At(i), Score = i / 100f, P = 1.0 / (i + 1), Extrapolated = i == 11, Anomalous = i is 5 or 11 })],
            });
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("", 32)]
    [InlineData("&entity=p-a", 20)]
    [InlineData("&entity=p-b", 12)]
    [InlineData("&entity=p-a&cadence=60000", 2)]
    [InlineData("&anomalous=true", 5)]
    [InlineData("&entity=p-b&anomalous=true", 1)]
    public async Task Pages_of_any_size_give_every_verdict_once_in_both_orders(string query, int count)
    {
        using var client = _app.Client();
        var all = await Pages.AllAsync(client, Everything + query + "&order=oldest", ContractJson.Default.PagePredictionInfo, 5000);
        all.Count.ShouldBe(count);
        all.Select(one => one.T).ShouldBe(all.Select(one => one.T).Order());

        await Gen.Int[1, count + 1].SampleAsync(async limit =>
        {
            (await Pages.AllAsync(client, Everything + query + "&order=oldest", ContractJson.Default.PagePredictionInfo, limit)).ShouldBe(all);
            (await Pages.AllAsync(client, Everything + query, ContractJson.Default.PagePredictionInfo, limit)).ShouldBe(Enumerable.Reverse(all));
        }, iter: 8, threads: 1);
    }

    [Fact]
    public async Task A_verdict_says_all_that_was_decided()
    {
        using var client = _app.Client();
        var path = $"/v1/predictions?entity=p-a&from={HistoryApp.At(11)}&to={HistoryApp.At(11) + 1}&limit=10";

        var found = await Pages.ReadAsync(client, path, ContractJson.Default.PagePredictionInfo);

        found.Items.Select(one => one.Model).Order().ShouldBe(["m1", "m1", "m2"]);
        found.Items[0].ShouldBe(new PredictionInfo
        {
            Entity = "p-a",
            T = HistoryApp.At(11),
            CadenceMs = 1_000,
            Model = "m2",
            Score = 0.11f,
            P = 1.0 / 12,
            Extrapolated = true,
            Anomalous = true,
        });
        found.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Anomalies_of_all_entities_are_found_by_an_index()
    {
        await using var command = _app.Database.CreateCommand("SET enable_seqscan = off; EXPLAIN SELECT * FROM history.predictions WHERE t >= '2026-03-10' AND t < '2026-03-11' AND anomalous ORDER BY t DESC LIMIT 10");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var plan = "";
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            plan += reader.GetString(0) + "\n";

        plan.ShouldContain("Index Scan");
        plan.ShouldNotContain("Filter: anomalous");
    }

    [Theory]
    [InlineData("/v1/predictions?to=5", "from")]
    [InlineData("/v1/predictions?from=5&to=5", "to")]
    [InlineData("/v1/predictions?from=0&to=5&entity=nobody", "entity")]
    [InlineData("/v1/predictions?from=0&to=5&cadence=0", "cadence")]
    [InlineData("/v1/predictions?from=0&to=5&cadence=99999999999", "cadence")]
    [InlineData("/v1/predictions?from=0&to=5&anomalous=yes", "anomalous")]
    [InlineData("/v1/predictions?from=0&to=5&order=up", "order")]
    [InlineData("/v1/predictions?from=0&to=5&cursor=1.2.3", "cursor")]
    [InlineData("/v1/predictions?from=0&to=5&limit=5001", "limit")]
    [InlineData("/v1/incidents?from=5&to=5", "to")]
    [InlineData("/v1/incidents?from=-1", "from")]
    public async Task A_question_that_cannot_be_answered_names_the_field(string path, string field)
    {
        using var client = _app.Client();
        await Pages.ShouldRefuseAsync(client, path, field);
    }
}
