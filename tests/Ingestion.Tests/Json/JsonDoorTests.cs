using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Forewarn.Ingestion.Tests;

public sealed class JsonDoorTests(RunningIngestion ingestion) : IClassFixture<RunningIngestion>
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_good_batch_is_accepted_after_the_broker_has_it_under_its_schema()
    {
        var t = Now;
        using var response = await ingestion.PostAsync($$$"""
            {"entity":"web-1","series":[{"name":"system.cpu.utilization","limit":1},{"name":"queue.length","unit":"{item}","labels":{"queue":"mail"}}],
             "rows":[{"t":{{{t}}},"values":[0.5,null]},{"t":{{{t - 1000}}},"values":[0.25,17]}]}
            """);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await response.Content.ReadAsStringAsync(Token)).ShouldBe("""{"accepted":3}""");
        var batch = ingestion.Sidecar.Raw.Single(batch => batch.Entity == "web-1");
        batch.Source.ShouldBe("json");
        batch.Seq.ShouldBe(1);
        batch.Stamps.Received.ShouldBeInRange(t, Now);
        batch.Rows.Select(row => row.T).ShouldBe([t - 1000, t]);
        batch.Rows[0].Values.ShouldBe([0.25, 17]);
        batch.Rows[1].Values[1].ShouldBe(double.NaN);
        var columns = ingestion.Sidecar.Schema(batch.Schema).Columns;
        columns[0].Limit.ShouldBe(1);
        columns[0].Unit.ShouldBe("1");
        columns[1].Labels.ShouldBe(new Dictionary<string, string> { ["queue"] = "mail" });
    }

    [Fact]
    public async Task An_array_of_batches_is_published_with_the_entity_as_key_and_numbers_that_count_up()
    {
        var one = """{"entity":"a","series":[{"name":"x"}],"rows":[{"values":[1]}]}""";
        var other = """{"entity":"b","series":[{"name":"x"}],"rows":[{"values":[2]}]}""";
        using var response = await ingestion.PostAsync($"[{one},{other},{one}]");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        ingestion.Sidecar.Raw.Where(batch => batch.Entity == "a").Select(batch => batch.Seq).ShouldBe([1, 2]);
        ingestion.Sidecar.Raw.Where(batch => batch.Entity == "b").Select(batch => batch.Seq).ShouldBe([1]);
        ingestion.Sidecar.Published.Where(message => message.Key == "b").Count().ShouldBe(1);
    }

    public static TheoryData<string, string, string> Bad => new()
    {
        { "not json", "{\"entity\":", "$" },
        { "nothing", "", "$" },
        { "text after the end", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1]}]} x""", "$" },
        { "a bare number", "7", "$" },
        { "an empty array", "[]", "$" },
        { "a batch that is text", """["x"]""", "$[0]" },
        { "attributes that are a list", """{"entity":"bad","attributes":["x"],"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.attributes" },
        { "an attribute that is a number", """{"entity":"bad","attributes":{"a":1},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.attributes.a" },
        { "an attribute that is empty", """{"entity":"bad","attributes":{"a":""},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.attributes.a" },
        { "an attribute that is long", $$"""{"entity":"bad","attributes":{"a":"{{new string('v', 129)}}"},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.attributes.a" },
        { "an attribute twice", """{"entity":"bad","attributes":{"a":"1","a":"2"},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.attributes.a" },
        { "attributes twice", """{"entity":"bad","attributes":{},"attributes":{},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.attributes" },
        { "an attribute with a name that is none", """{"entity":"bad","attributes":{"1 a":"v"},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.attributes.1?a" },
        { "too many attributes", $$"""{"entity":"bad","attributes":{{{string.Join(',', Enumerable.Range(0, 33).Select(i => $"\"a{i}\":\"v\""))}}},"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.attributes" },
        { "an unknown field", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1]}],"extra":1}""", "$.extra" },
        { "an unknown field of a series", """{"entity":"bad","series":[{"name":"x","kind":"gauge"}],"rows":[{"values":[1]}]}""", "$.series[0].kind" },
        { "an unknown type of series", """{"entity":"bad","series":[{"name":"x","type":"histogram"}],"rows":[{"values":[1]}]}""", "$.series[0].type" },
        { "a type that is a number", """{"entity":"bad","series":[{"name":"x","type":1}],"rows":[{"values":[1]}]}""", "$.series[0].type" },
        { "a repeated type", """{"entity":"bad","series":[{"name":"x","type":"gauge","type":"counter"}],"rows":[{"values":[1]}]}""", "$.series[0].type" },
        { "a counter of rates", """{"entity":"bad","series":[{"name":"x","unit":"By/s","type":"counter"}],"rows":[{"values":[1]}]}""", "$.series[0].unit" },
        { "a counter whose unit has no room for the second", $$"""{"entity":"bad","series":[{"name":"x","unit":"{{new string('a', 62)}}","type":"counter"}],"rows":[{"values":[1]}]}""", "$.series[0].unit" },
        { "an unknown field of a row", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1],"time":1}]}""", "$.rows[0].time" },
        { "a field in the wrong case", """{"Entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.Entity" },
        { "a repeated field", """{"entity":"bad","entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.entity" },
        { "no entity", """{"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.entity" },
        { "no series", """{"entity":"bad","rows":[{"values":[1]}]}""", "$.series" },
        { "no rows", """{"entity":"bad","series":[{"name":"x"}]}""", "$.rows" },
        { "no values", """{"entity":"bad","series":[{"name":"x"}],"rows":[{}]}""", "$.rows[0].values" },
        { "empty rows", """{"entity":"bad","series":[{"name":"x"}],"rows":[]}""", "$.rows" },
        { "empty series", """{"entity":"bad","series":[],"rows":[{"values":[]}]}""", "$.series" },
        { "a number as entity", """{"entity":1,"series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.entity" },
        { "an empty entity", """{"entity":"","series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.entity" },
        { "a control character in the entity", """{"entity":"a\u0007b","series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.entity" },
        { "a blank in the entity", """{"entity":"a b","series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.entity" },
        { "a long entity", $$"""{"entity":"{{new string('a', 256)}}","series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.entity" },
        { "half a surrogate pair", """{"entity":"\ud800","series":[{"name":"x"}],"rows":[{"values":[1]}]}""", "$.entity" },
        { "half a surrogate pair as a field", """{"\ud800":1}""", "$." },
        { "an empty name", """{"entity":"bad","series":[{"name":""}],"rows":[{"values":[1]}]}""", "$.series[0].name" },
        { "a control character in a name", """{"entity":"bad","series":[{"name":"x"},{"name":"y\nz"}],"rows":[{"values":[1,2]}]}""", "$.series[1].name" },
        { "a long name", $$"""{"entity":"bad","series":[{"name":"{{new string('a', 256)}}"}],"rows":[{"values":[1]}]}""", "$.series[0].name" },
        { "no name", """{"entity":"bad","series":[{"unit":"s"}],"rows":[{"values":[1]}]}""", "$.series[0].name" },
        { "a blank in a unit", """{"entity":"bad","series":[{"name":"x","unit":"a b"}],"rows":[{"values":[1]}]}""", "$.series[0].unit" },
        { "a label that is a number", """{"entity":"bad","series":[{"name":"x","labels":{"a":1}}],"rows":[{"values":[1]}]}""", "$.series[0].labels.a" },
        { "a label with a control character", """{"entity":"bad","series":[{"name":"x","labels":{"a":"\u0000"}}],"rows":[{"values":[1]}]}""", "$.series[0].labels.a" },
        { "a label that turns text around", """{"entity":"bad","series":[{"name":"x","labels":{"a":"\u202e"}}],"rows":[{"values":[1]}]}""", "$.series[0].labels.a" },
        { "an empty label", """{"entity":"bad","series":[{"name":"x","labels":{"a":""}}],"rows":[{"values":[1]}]}""", "$.series[0].labels.a" },
        { "a repeated label", """{"entity":"bad","series":[{"name":"x","labels":{"a":"1","a":"2"}}],"rows":[{"values":[1]}]}""", "$.series[0].labels.a" },
        { "a limit that is text", """{"entity":"bad","series":[{"name":"x","limit":"1"}],"rows":[{"values":[1]}]}""", "$.series[0].limit" },
        { "a repeated series", """{"entity":"bad","series":[{"name":"x"},{"name":"x"}],"rows":[{"values":[1,2]}]}""", "$.series[1]" },
        { "too few values", """{"entity":"bad","series":[{"name":"x"},{"name":"y"}],"rows":[{"values":[1]}]}""", "$.rows[0].values" },
        { "too many values", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1,2]}]}""", "$.rows[0].values" },
        { "NaN", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[NaN]}]}""", "$" },
        { "NaN as text", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":["NaN"]}]}""", "$.rows[0].values[0]" },
        { "a number as text", """{"entity":"bad","series":[{"name":"x"},{"name":"y"}],"rows":[{"values":[1,"2"]}]}""", "$.rows[0].values[1]" },
        { "an infinite number", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1e999]}]}""", "$.rows[0].values[0]" },
        { "a boolean value", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[true]}]}""", "$.rows[0].values[0]" },
        { "a fraction of a millisecond", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"t":1.5,"values":[1]}]}""", "$.rows[0].t" },
        { "a time as text", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"t":"2026-01-01","values":[1]}]}""", "$.rows[0].t" },
        { "seconds instead of milliseconds", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"t":1700000000,"values":[1]}]}""", "$.rows[0].t" },
        { "a year ahead", $$"""{"entity":"bad","series":[{"name":"x"}],"rows":[{"t":{{Now + 31_536_000_000}},"values":[1]}]}""", "$.rows[0].t" },
        { "a year ago", $$"""{"entity":"bad","series":[{"name":"x"}],"rows":[{"t":{{Now - 31_536_000_000}},"values":[1]}]}""", "$.rows[0].t" },
        { "several rows without a time", """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1]},{"values":[2]}]}""", "$.rows[0].t" },
        { "two rows of one time", $$"""{"entity":"bad","series":[{"name":"x"}],"rows":[{"t":{{Now}},"values":[1]},{"t":{{Now}},"values":[2]}]}""", "$.rows" },
        { "a good batch before a bad one", """[{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1]}]},{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":["1"]}]}]""", "$[1].rows[0].values[0]" },
        { "deep nesting", new string('[', 100_000), "$" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Bad_input_is_refused_whole_with_field_and_reason(string what, string json, string field)
    {
        using var response = await ingestion.PostAsync(json);

        await ShouldBeProblemAsync(response, HttpStatusCode.BadRequest, field, what);
        ingestion.Sidecar.Raw.ShouldNotContain(batch => batch.Entity.StartsWith("ba"), what);
    }

    [Fact]
    public async Task Ten_megabytes_are_too_large_with_or_without_a_declared_length()
    {
        var body = Encoding.UTF8.GetBytes("[" + new string(' ', 10_000_000) + "]");
        using var declared = await ingestion.PostAsync(body);
        using var streamed = new StreamContent(new MemoryStream(body));
        streamed.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/metrics/json") { Content = streamed };
        request.Headers.TransferEncodingChunked = true;
        using var chunked = await ingestion.Http.SendAsync(request, Token);

        await ShouldBeProblemAsync(declared, HttpStatusCode.RequestEntityTooLarge, "$", "declared");
        await ShouldBeProblemAsync(chunked, HttpStatusCode.RequestEntityTooLarge, "$", "chunked");
    }

    [Fact]
    public async Task Other_media_types_and_compressed_bodies_are_not_taken()
    {
        var body = """{"entity":"bad","series":[{"name":"x"}],"rows":[{"values":[1]}]}"""u8.ToArray();
        using var text = await ingestion.PostAsync(body, "text/plain");
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var gzip = await ingestion.Http.PostAsync("/v1/metrics/json", content, Token);

        await ShouldBeProblemAsync(text, HttpStatusCode.UnsupportedMediaType, "Content-Type", "text/plain");
        await ShouldBeProblemAsync(gzip, HttpStatusCode.UnsupportedMediaType, "Content-Encoding", "gzip");
        ingestion.Sidecar.Raw.ShouldNotContain(batch => batch.Entity == "bad");
    }

    [Fact]
    public async Task Invalid_UTF8_is_refused()
    {
        byte[] body = [.. "{\"entity\":\""u8, 0xff, .. "\"}"u8];
        using var response = await ingestion.PostAsync(body);
        await ShouldBeProblemAsync(response, HttpStatusCode.BadRequest, "$", "0xff");
    }

    [Fact]
    public async Task A_page_that_reaches_loopback_under_a_foreign_name_is_turned_away()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/metrics/json") { Content = new StringContent("[]", Encoding.UTF8, "application/json") };
        request.Headers.Host = "rebound.example";
        using var response = await ingestion.Http.SendAsync(request, Token);
        await ShouldBeProblemAsync(response, HttpStatusCode.Forbidden, "Host", "rebound.example");
    }

    [Fact]
    public async Task The_door_does_not_exist_on_the_app_port_and_the_app_endpoints_not_on_the_public_one()
    {
        using var content = new StringContent("[]", Encoding.UTF8, "application/json");
        using var door = await ingestion.AppPort.PostAsync("/v1/metrics/json", content, Token);
        using var stats = await ingestion.Http.GetAsync("/v1/stats", Token);
        using var subscription = await ingestion.Http.PostAsync("/subscriptions/telemetry/metrics.external", content, Token);

        door.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        stats.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        subscription.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task With_keys_only_a_known_one_opens_the_door()
    {
        var hash = Convert.ToHexString(SHA256.HashData("right"u8));
        await using var guarded = await RunningIngestion.StartAsync("--Ingestion:Keys:0:Name=tests", $"--Ingestion:Keys:0:Sha256={hash}");
        const string Body = """{"entity":"k","series":[{"name":"x"}],"rows":[{"values":[1]}]}""";

        using var without = await guarded.PostAsync(Body);
        await ShouldBeProblemAsync(without, HttpStatusCode.Unauthorized, "Authorization", "no key");
        guarded.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        using var wrong = await guarded.PostAsync(Body);
        await ShouldBeProblemAsync(wrong, HttpStatusCode.Unauthorized, "Authorization", "wrong key");
        guarded.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "right");
        using var right = await guarded.PostAsync(Body);
        right.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_broker_that_is_away_gives_503_with_Retry_After_and_readiness_says_so_until_it_is_back()
    {
        await using var alone = await RunningIngestion.StartAsync();
        const string Body = """{"entity":"o","series":[{"name":"x"}],"rows":[{"values":[1]}]}""";
        alone.Sidecar.Otherwise = Outcome.Lost;

        using var away = await alone.PostAsync(Body);
        await ShouldBeProblemAsync(away, HttpStatusCode.ServiceUnavailable, "$", "away");
        away.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        using var unready = await alone.AppPort.GetAsync("/healthz/ready", Token);
        unready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        alone.Sidecar.Otherwise = Outcome.Stored;
        using var back = await alone.PostAsync(Body);
        back.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var ready = await alone.AppPort.GetAsync("/healthz/ready", Token);
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Too_many_entities_and_too_many_series_are_refused_until_others_have_gone()
    {
        await using var small = await RunningIngestion.StartAsync("--Ingestion:MaxEntities=2", "--Ingestion:MaxSeriesPerEntity=3");
        static string Body(string entity, params string[] names) =>
            $$"""{"entity":"{{entity}}","series":[{{string.Join(',', names.Select(name => $$"""{"name":"{{name}}"}"""))}}],"rows":[{"values":[{{string.Join(',', names.Select(_ => "1"))}}]}]}""";

        (await small.PostAsync(Body("a", "x", "y"))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await small.PostAsync(Body("b", "x"))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await ShouldBeProblemAsync(await small.PostAsync(Body("c", "x")), HttpStatusCode.TooManyRequests, "$.entity", "third entity");
        (await small.PostAsync(Body("a", "x", "z"))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await ShouldBeProblemAsync(await small.PostAsync(Body("a", "w")), HttpStatusCode.TooManyRequests, "$.series", "fourth series");
        await ShouldBeProblemAsync(await small.PostAsync(Body("a", "p", "q", "r", "s")), HttpStatusCode.BadRequest, "$.series", "four at once");
    }

    [Fact]
    public async Task Stats_count_what_the_broker_has()
    {
        await using var alone = await RunningIngestion.StartAsync();
        await alone.PostAsync("""{"entity":"s","series":[{"name":"x"},{"name":"y"}],"rows":[{"values":[1,null]}]}""");

        using var stats = JsonDocument.Parse(await alone.AppPort.GetStringAsync("/v1/stats", Token));
        stats.RootElement.GetProperty("entities").GetInt32().ShouldBe(1);
        stats.RootElement.GetProperty("samples").GetInt64().ShouldBe(1);
        stats.RootElement.GetProperty("batches").GetInt64().ShouldBe(1);
    }

    internal static async Task ShouldBeProblemAsync(HttpResponseMessage response, HttpStatusCode status, string field, string what)
    {
        var body = await response.Content.ReadAsStringAsync(Token);
        response.StatusCode.ShouldBe(status, $"{what}: {body}");
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", what);
        using var problem = JsonDocument.Parse(body);
        var named = problem.RootElement.GetProperty("field").GetString()!;
        // Broken syntax is located as closely as the reader had come.
        (field == "$" ? named.StartsWith('$') : named == field).ShouldBeTrue($"{what}: {named} instead of {field}");
        problem.RootElement.GetProperty("reason").GetString().ShouldNotBeNullOrWhiteSpace(what);
    }
}
