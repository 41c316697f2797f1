using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Gateway.Tests;

/// <summary>The two formats, and who gets in.</summary>
public sealed class MetricsFormatTests : IAsyncLifetime
{
    const string Token = "a-token-of-many-letters";
    const string Prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    GatewayApp _app = null!;
    Fleet _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync();
        _fleet = new Fleet(_app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", false)]
    [InlineData("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.2", false)]
    [InlineData("application/openmetrics-text;version=0.0.1", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData(Prometheus, true)]
    public async Task The_format_is_the_one_that_the_scraper_would_rather_have(string? accept, bool isOpenMetrics)
    {
        await FillAsync();
        using var response = await GetAsync("/metrics", accept is null ? [] : [("Accept", accept)]);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.ToString().ShouldBe(isOpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8");
        var scrape = ScrapeReader.Read(await TextAsync(response), isOpenMetrics);
        scrape.Samples.ShouldNotBeEmpty();
        scrape.Types.GetValueOrDefault("forewarn_incident").ShouldBe(isOpenMetrics ? "info" : null);
    }

    [Fact]
    public async Task Both_formats_have_the_same_series()
    {
        await FillAsync();
        using var open = await GetAsync("/metrics", ("Accept", Prometheus));

        ScrapeReader.Read(await TextAsync(open), isOpenMetrics: true).Samples.Select(sample => sample.Identity).ShouldBe((await _fleet.ScrapeAsync()).Samples.Select(sample => sample.Identity));
    }

    [Fact]
    public async Task Who_can_unpack_it_gets_it_packed()
    {
        await FillAsync();
        using var response = await GetAsync("/metrics", ("Accept-Encoding", "gzip"));

        response.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using var body = new GZipStream(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(body, Encoding.UTF8);
        ScrapeReader.Read(await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Of("forewarn_metric_value").Count().ShouldBe(2);
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say_against_names_and_texts()
    {
        var promtool = await Promtool.FindAsync();
        Assert.SkipWhen(promtool is null, "There is no promtool here, and no apt to bring it.");
        await FillAsync();

        var (exitCode, said) = await Promtool.RunAsync(
            promtool, await _app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken), TestContext.Current.CancellationToken, "check", "metrics");

        (exitCode, said).ShouldBe((0, ""));
    }

    [Fact]
    public async Task Whatever_entities_labels_and_units_are_called_comes_back_and_no_two_series_are_the_same()
    {
        var text = Gen.String[Gen.Char["aZ09_.:- \\\"\n\r\t{}=,#ü漢\u0001\0"], 1, 8];
        var column = Gen.Select(text, text, Gen.Dictionary(text, Gen.OneOf(text, Gen.Const("")))[0, 4]);
        await Gen.Select(text, column.List[1, 6]).SampleAsync(async (entity, columns) =>
        {
            await using var app = await GatewayApp.StartAsync();
            var fleet = new Fleet(app);
            var schema = SeriesSchema.Of([.. columns.Select(one => SeriesColumn.Of(one.Item1, one.Item2, one.Item3))]);
            await fleet.TellAsync(fleet.Verdict(entity, schema));

            var values = (await fleet.ScrapeAsync()).Of("forewarn_metric_value").ToList();

            var expected = schema.Columns.DistinctBy(one => one.Id, StringComparer.Ordinal).ToList();
            values.Count.ShouldBe(expected.Count);
            foreach (var (sample, series) in values.Zip(expected))
            {
                (sample["entity"], sample["metric"], sample["unit"], sample["series"]).ShouldBe((entity, series.Name, series.Unit, series.Id));
                sample.Labels.Where(label => label.Key.StartsWith("label_", StringComparison.Ordinal)).Select(label => label.Value).Order(StringComparer.Ordinal)
                    .ShouldBe(series.Labels.Values.Order(StringComparer.Ordinal));
            }
        }, iter: 30, threads: 1);
    }

    [Theory]
    [InlineData("entity=", "entity")]
    [InlineData("entity=a&metric", "metric")]
    [InlineData("level=series", "level")]
    [InlineData("level=entity&level=metric", "level")]
    [InlineData("level=entity&metric=system.*", "metric")]
    [InlineData("match[]=up", "match[]")]
    public async Task A_parameter_that_cannot_be_used_is_named(string query, string field)
    {
        using var response = await GetAsync($"/metrics?{query}");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(await TextAsync(response));
        problem.RootElement.GetProperty("errors").EnumerateObject().Single().Name.ShouldBe(field);
    }

    [Fact]
    public async Task The_door_is_that_of_every_other_page_and_a_program_without_the_token_is_not_sent_to_a_form()
    {
        await using var app = await GatewayApp.StartAsync($"--Gateway:AccessToken={Token}");

        (await StatusAsync(app)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(app, ("Authorization", "Bearer not-the-token"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(app, ("Authorization", $"Bearer {Token}"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(app, ("Authorization", $"Bearer {Token}"), ("Host", "elsewhere.example.com"))).ShouldBe(HttpStatusCode.MisdirectedRequest);
        using var inside = new HttpClient { BaseAddress = app.AppPort };
        using var response = await inside.GetAsync("/metrics", TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    async Task FillAsync()
    {
        await _fleet.TellAsync(_fleet.Verdict("web-1", Fleet.Host, outlook: Fleet.Band(Fleet.Host, 0, 1, Fleet.Breach(Fleet.Host.Columns[1]))));
        await _fleet.TellAsync(Samples.Incident("i-1", 1));
    }

    Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(_app, path, headers);

    static async Task<HttpStatusCode> StatusAsync(GatewayApp app, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(app, "/metrics", headers);
        return response.StatusCode;
    }

    static async Task<HttpResponseMessage> SendAsync(GatewayApp app, string path, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
