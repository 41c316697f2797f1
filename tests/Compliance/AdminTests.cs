using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>The admin page and its JSON, as a browser and a program use them.</summary>
public sealed class AdminTests : IAsyncLifetime
{
    /// <summary>Markup stays markup, as other languages write JSON.</summary>
    static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    World _world = null!;
    ISidecar _sidecar = null!;
    ProbeApp _app = null!;
    volatile bool _refuse = true;

    public async ValueTask InitializeAsync()
    {
        _app = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapGet("/dapr/subscribe", () => Results.Text("""[{"pubsubname":"ps","topic":"orders","route":"/orders","deadLetterTopic":"orders.dead"},{"pubsubname":"ps","topic":"orders.dead","route":"/dead"}]""", "application/json"));
            a.MapPost("/orders", async (HttpContext c) =>
            {
                await p.RecordAsync(c);
                return _refuse ? Results.StatusCode(500) : Results.Ok();
            });
            a.MapPost("/dead", () => Results.Ok());
        });
        _world = await World.StartAsync(adjust: o => o with { AdminPort = 0 });
        _sidecar = await _world.AddAsync("shop", _app);
    }

    [Fact]
    public async Task The_page_and_the_json_say_who_is_there_and_what_waits()
    {
        await DieAsync("one");
        var json = await JsonAsync("/api/runtime");
        json.GetProperty("apps")[0].GetProperty("appId").GetString().ShouldBe("shop");
        json.GetProperty("apps")[0].GetProperty("state").GetString().ShouldBe("ready");
        var dead = json.GetProperty("deadLetterTopics").EnumerateArray().Single();
        (dead.GetProperty("topic").GetString(), dead.GetProperty("waiting").GetInt64(), dead.GetProperty("sources")[0].GetString()).ShouldBe(("orders.dead", 1, "orders"));

        using var accepting = Request(HttpMethod.Get, "/");
        accepting.Headers.Accept.ParseAdd("application/json");
        (await _browser.SendAsync(accepting)).Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var page = await _browser.SendAsync(Request(HttpMethod.Get, "/"));
        var html = await page.Content.ReadAsStringAsync();
        html.ShouldContain("orders.dead");
        html.ShouldNotContain("https://");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
    }

    [Fact]
    public async Task A_replayed_dead_letter_comes_again_with_its_bytes_key_and_headers_and_leaves_the_list()
    {
        await DieAsync("one");
        await DieAsync("two");
        var original = _app.Requests.First(r => r.Text.Contains("two", StringComparison.Ordinal));
        _app.Requests.Clear();
        _refuse = false;

        var letter = (await LettersAsync()).Single(l => l.GetProperty("text").GetString()!.Contains("two", StringComparison.Ordinal));
        letter.GetProperty("origin").GetString().ShouldBe("orders");
        letter.GetProperty("key").GetString().ShouldBe("k");
        var place = $"&partition={letter.GetProperty("partition")}&offset={letter.GetProperty("offset")}";
        (await PostAsync("/dead-letters/replay?topic=orders.dead" + place)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        await Eventually.TrueAsync(() => !_app.Requests.IsEmpty, "it is delivered again");
        var again = _app.Requests.ShouldHaveSingleItem();
        again.Body.ShouldBe(original.Body);
        (again.Headers["__key"], again.Headers["__topic"], again.Headers["colour"]).ShouldBe(("k", "orders", "blue"));
        (await LettersAsync()).ShouldHaveSingleItem().GetProperty("text").GetString()!.ShouldContain("one");
        (await PostAsync("/dead-letters/replay?topic=orders.dead" + place)).StatusCode.ShouldBe(HttpStatusCode.Conflict, "it is handled already");
    }

    [Fact]
    public async Task What_was_handled_stays_handled_after_a_restart_and_what_was_not_stays_open()
    {
        for (var i = 0; i < 5; i++)
        {
            await DieAsync($"number {i}");
        }

        var until = (await JsonAsync("/api/dead-letters?topic=orders.dead")).GetProperty("asOf").GetInt64();
        await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() > until, "a later millisecond");
        await DieAsync("unseen");
        (await PostAsync($"/api/dead-letters/discard?topic=orders.dead&until={until}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _world.Runtime.DisposeAsync();
        await _world.StartRuntimeAsync();

        (await LettersAsync()).ShouldHaveSingleItem().GetProperty("text").GetString()!.ShouldContain("unseen");
        _sidecar = await _world.AddAsync("shop", _app);
        await DieAsync("later");
        (await LettersAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task All_are_replayed_in_pages_and_an_app_that_reads_them_itself_is_not_disturbed()
    {
        for (var i = 0; i < 12; i++)
        {
            await DieAsync($"number {i}");
        }

        var pages = new List<string>();
        for (var skip = 0; skip < 12; skip += 5)
        {
            pages.AddRange((await LettersAsync($"&skip={skip}&take=5")).Select(l => l.GetProperty("text").GetString()!));
        }

        pages.Distinct().Count().ShouldBe(12);
        (_refuse, var before) = (false, _app.Requests.Count);
        (await PostAsync("/api/dead-letters/replay?topic=orders.dead")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(() => _app.Requests.Count == before + 12, "all are delivered again");
        (await LettersAsync()).ShouldBeEmpty();
        await Eventually.TrueAsync(() => _world.Runtime.Describe().Queues.All(q => q.Depth == 0), "the app has read its dead letters as well");
    }

    [Fact]
    public async Task A_long_or_binary_value_is_cut_in_the_list_and_whole_when_inspected()
    {
        await DieAsync(new string('ä', 5000));
        var letter = (await LettersAsync()).ShouldHaveSingleItem();
        letter.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        Encoding.UTF8.GetByteCount(letter.GetProperty("text").GetString()!).ShouldBeInRange(4093, 4096);
        var whole = await JsonAsync($"/api/dead-letters/message?topic=orders.dead&partition={letter.GetProperty("partition")}&offset={letter.GetProperty("offset")}");
        whole.GetProperty("bytes").GetInt32().ShouldBe(Encoding.UTF8.GetByteCount(whole.GetProperty("text").GetString()!));
    }

    [Fact]
    public async Task Markup_in_a_message_is_text()
    {
        await DieAsync("<script>alert(1)</script>");
        var html = await _browser.GetStringAsync(new Uri(_world.Runtime.AdminAddress!, "/dead-letters?topic=orders.dead"));
        html.ShouldContain("&lt;script&gt;alert(1)");
        html.ShouldNotContain("<script>alert");
    }

    [Theory]
    [InlineData("evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("localhost:1", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost:1", "null", HttpStatusCode.Forbidden)]
    [InlineData("localhost:1", "http://localhost:2", HttpStatusCode.Forbidden)]
    [InlineData("localhost:1", "http://localhost:1", HttpStatusCode.SeeOther)]
    [InlineData("[::1]:1", null, HttpStatusCode.SeeOther)]
    public async Task Pages_of_other_origins_change_nothing(string host, string? origin, HttpStatusCode expected)
    {
        using var request = Request(HttpMethod.Post, "/dead-letters/discard?topic=orders.dead");
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        (await _browser.SendAsync(request)).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Without_an_admin_port_nothing_listens()
    {
        await using var world = await World.StartAsync();
        world.Runtime.AdminAddress.ShouldBeNull();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _world.DisposeAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Publishes what the app refuses and waits until it is a dead letter.</summary>
    async Task DieAsync(string text)
    {
        var before = _world.Runtime.Describe().DeadLetters;
        using var content = new StringContent(JsonSerializer.Serialize(text, Plain), Encoding.UTF8, "application/json");
        (await _world.Http(_sidecar).PostAsync("/v1.0/publish/ps/orders?metadata.partitionKey=k&metadata.colour=blue", content)).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(() => _world.Runtime.Describe().DeadLetters == before + 1, "it is a dead letter");
    }

    async Task<List<JsonElement>> LettersAsync(string query = "") =>
        [.. (await JsonAsync("/api/dead-letters?topic=orders.dead" + query)).GetProperty("letters").EnumerateArray()];

    async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await _browser.GetStringAsync(new Uri(_world.Runtime.AdminAddress!, path))).RootElement;

    Task<HttpResponseMessage> PostAsync(string path) => _browser.SendAsync(Request(HttpMethod.Post, path));

    HttpRequestMessage Request(HttpMethod method, string path) => new(method, new Uri(_world.Runtime.AdminAddress!, path));
}
