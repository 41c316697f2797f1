using System.Text.RegularExpressions;
using CsCheck;
using Forewarn.Contracts;
using Forewarn.History.Searches;

namespace Forewarn.History.Tests;

public sealed class SearchTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    static readonly (string Entity, string Name, string Unit, Dictionary<string, string> Labels)[] Fleet =
    [
        ("web-1", "system.cpu.utilization", "1", new() { ["cpu"] = "0", ["state"] = "user" }),
        ("web-1", "system.cpu.utilization", "1", new() { ["cpu"] = "1", ["state"] = "user" }),
        ("web-1", "system.disk.io", "By/s", new() { ["device"] = "sda", ["direction"] = "read" }),
        ("web-1", "system.memory.usage", "By", []),
        ("web-2", "system.cpu.utilization", "1", new() { ["cpu"] = "0", ["state"] = "user" }),
        ("web-2", "system.disk.io", "By/s", new() { ["device"] = "nvme_0%", ["direction"] = "write" }),
        ("db-1", "system.disk.io", "By/s", new() { ["device"] = "sdb", ["direction"] = "write" }),
        ("db-1", "pg.note", "1", new() { ["text"] = "a*b\\c:d" }),
    ];

    HistoryApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await shared.StartAsync();
        if (await _app.ScalarAsync<long>("SELECT count(*) FROM history.entities") > 0)
            return;
        var seq = 0;
        foreach (var host in Fleet.GroupBy(one => one.Entity))
        {
            var schema = _app.Schema([.. host.Select(one => SeriesColumn.Of(one.Name, one.Unit, one.Labels))]);
            await _app.StoreAsync(0, HistoryApp.Batch(schema, host.Key, "p", ++seq, new MetricRow(HistoryApp.At(seq), [.. host.Select(_ => 1.0)])));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("", 8)]
    [InlineData("entity=web-1", 4)]
    [InlineData("entity=web-*", 6)]
    [InlineData("entity=*-1", 6)]
    [InlineData("entity=web", 0)]
    [InlineData("name=system.cpu", 3)]
    [InlineData("name=system.*.io", 3)]
    [InlineData("name=*.disk.*", 3)]
    [InlineData("name=cpu", 0)]
    [InlineData("unit=By/s", 3)]
    [InlineData("label=cpu:0", 2)]
    [InlineData("label=cpu:*", 3)]
    [InlineData("label=!cpu:*", 5)]
    [InlineData("label=!cpu:0", 6)]
    [InlineData("label=device:sd*", 2)]
    [InlineData("label=device:sd*&label=direction:write", 1)]
    [InlineData("label=device:sd*&label=!direction:write", 1)]
    [InlineData("label=device:nvme_0%25", 1)]
    [InlineData("label=device:nvme00%25", 0)]
    [InlineData("label=text:a%5C*b%5C%5Cc:d", 1)]
    [InlineData("entity=web-*&name=system.disk.io&label=direction:*", 2)]
    public async Task Series_are_found_by_entity_name_unit_and_labels(string query, int count)
    {
        using var client = _app.Client();

        var found = await Pages.AllAsync(client, $"/v1/series?{query}", ContractJson.Default.PageSeriesInfo);

        found.Count.ShouldBe(count);
        found.Select(one => (one.Entity, one.Id)).ShouldBe(found.Select(one => (one.Entity, one.Id)).Distinct());
    }

    [Fact]
    public async Task Pages_of_any_size_give_every_series_and_entity_once()
    {
        using var client = _app.Client();
        var series = (await Pages.AllAsync(client, "/v1/series", ContractJson.Default.PageSeriesInfo)).Select(one => (one.Entity, one.Id)).ToList();
        var values = (await Pages.AllAsync(client, "/v1/latest", ContractJson.Default.PageLatestValue)).Select(one => (one.Entity, one.Id)).ToList();
        series.Count.ShouldBe(Fleet.Length);
        values.ShouldBe(series);

        await Gen.Int[1, Fleet.Length + 1].SampleAsync(async limit =>
        {
            (await Pages.AllAsync(client, "/v1/series", ContractJson.Default.PageSeriesInfo, limit)).Select(one => (one.Entity, one.Id)).ShouldBe(series);
            (await Pages.AllAsync(client, "/v1/latest", ContractJson.Default.PageLatestValue, limit)).Select(one => (one.Entity, one.Id)).ShouldBe(series);
            (await Pages.AllAsync(client, "/v1/entities", ContractJson.Default.PageEntityInfo, limit)).Select(one => one.Entity).ShouldBe(["db-1", "web-1", "web-2"]);
        }, iter: 12, threads: 1);
    }

    [Fact]
    public async Task Entities_are_found_by_pattern()
    {
        using var client = _app.Client();

        var found = await Pages.AllAsync(client, "/v1/entities?entity=web-*", ContractJson.Default.PageEntityInfo);

        found.Select(one => (one.Entity, one.Series)).ShouldBe([("web-1", 4), ("web-2", 2)]);
        foreach (var one in found)
        {
            var columns = Fleet.Where(series => series.Entity == one.Entity).Select(series => SeriesColumn.Of(series.Name, series.Unit, series.Labels)).ToArray();
            one.Schemas.ShouldBe([new SchemaInfo(SeriesSchema.Of(columns).Hash, one.LastSeen)]);
        }
    }

    /// <summary>What a pattern means, said twice: as SQL, and as a regular expression.</summary>
    [Fact]
    public async Task A_pattern_means_in_SQL_what_it_says()
    {
        var character = Gen.Char["ab%_*\\."];
        var text = Gen.String[character, 0, 6];
        // Escapes are made from what is meant, so that every pattern is valid.
        var part = Gen.OneOf(Gen.Const("*"), character.Select(one => one is '*' or '\\' ? "\\" + one : one.ToString()));
        var pattern = part.List[1, 6].Where(parts => parts.Count(one => one == "*") <= Glob.MostStars);
        var pairs = new List<(string Text, string Like, bool Expected)>();
        Gen.Select(text, pattern).Sample((value, parts) =>
        {
            var expression = "\\A" + string.Concat(parts.Select(one => one == "*" ? ".*" : Regex.Escape(one[^1..]))) + "\\z";
            lock (pairs)
                pairs.Add((value, Glob.Parse("name", string.Concat(parts)).Like, Regex.IsMatch(value, expression, RegexOptions.Singleline, TimeSpan.FromSeconds(5))));
        }, iter: 2000);
        await using var command = _app.Database.CreateCommand("SELECT text LIKE pattern FROM unnest($1, $2) WITH ORDINALITY AS p(text, pattern, i) ORDER BY i");
        command.Parameters.Add(new() { Value = pairs.Select(pair => pair.Text).ToArray() });
        command.Parameters.Add(new() { Value = pairs.Select(pair => pair.Like).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);

        var index = 0;
        for (; await reader.ReadAsync(TestContext.Current.CancellationToken); index++)
            reader.GetBoolean(0).ShouldBe(pairs[index].Expected, $"'{pairs[index].Text}' against '{pairs[index].Like}'");
        index.ShouldBe(pairs.Count);
        pairs.Count(pair => pair.Expected).ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData("/v1/series?label=cpu", "label")]
    [InlineData("/v1/series?label=cpu:", "label")]
    [InlineData("/v1/series?label=:x", "label")]
    [InlineData("/v1/series?label=c*:x", "label")]
    [InlineData("/v1/series?label=!", "label")]
    [InlineData("/v1/series?name=*********", "name")]
    [InlineData("/v1/series?name=a%5C", "name")]
    [InlineData("/v1/series?name=a%5Cb", "name")]
    [InlineData("/v1/series?unit=a%00", "unit")]
    [InlineData("/v1/series?entity=a%00", "entity")]
    [InlineData("/v1/series?since=-1", "since")]
    [InlineData("/v1/series?since=soon", "since")]
    [InlineData("/v1/series?cursor=x", "cursor")]
    [InlineData("/v1/series?label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1&label=a:1", "label")]
    [InlineData("/v1/entities?entity=%5C", "entity")]
    [InlineData("/v1/latest?series=short", "series")]
    [InlineData("/v1/latest?entity=nobody", "entity")]
    [InlineData("/v1/latest?limit=0", "limit")]
    public async Task A_search_that_cannot_be_understood_names_the_field(string path, string field)
    {
        using var client = _app.Client();
        await Pages.ShouldRefuseAsync(client, path, field);
    }
}
