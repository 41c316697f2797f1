using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

public abstract class InvokeTests(ITarget target)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task I1_verb_query_headers_body_and_status_pass_through(string verb)
    {
        await using var app = await ProbeApp.StartAsync((p, a) => a.MapFallback(async (HttpContext c) =>
        {
            await p.RecordAsync(c);
            c.Response.StatusCode = 418;
            c.Response.Headers["X-Answer"] = "yes";
            await c.Response.WriteAsync("short and stout", c.RequestAborted);
        }));
        await using var world = await target.StartAsync();
        var called = await world.AddAsync("target", app);
        var client = await world.AddClientAsync();
        var http = world.Http(client);
        using var request = new HttpRequestMessage(new(verb), $"/v1.0/invoke/{called.AppId}/method/a%2Fb/c?x=1&y=%20z");
        request.Headers.Add("X-Mine", "abc");
        request.Content = verb is "GET" ? null : new StringContent("body");
        var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe((HttpStatusCode)418);
        answer.Headers.GetValues("X-Answer").ShouldBe(["yes"]);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("short and stout");
        var got = app.Requests.Single(r => r.Headers.ContainsKey("X-Mine"));
        got.Method.ShouldBe(verb);
        got.Path.ShouldBe("/a%2Fb/c");
        got.Query.ShouldBe("?x=1&y=%20z");
        got.Headers["X-Mine"].ShouldBe("abc");
        if (called.AppId != client.AppId)
        {
            got.Headers["dapr-caller-app-id"].ShouldBe(client.AppId);
        }

        got.Text.ShouldBe(verb is "GET" ? "" : "body");
    }

    [Fact]
    public async Task I2_chunked_bodies_stream_and_event_streams_are_not_buffered()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await ProbeApp.StartAsync((p, a) => a.MapPost("/echo", async (HttpContext c) =>
        {
            var got = await p.RecordAsync(c);
            c.Response.ContentType = "text/event-stream";
            await c.Response.WriteAsync($"data: {got.Text}\n\n", c.RequestAborted);
            await c.Response.Body.FlushAsync(c.RequestAborted);
            await release.Task;
            await c.Response.WriteAsync("data: end\n\n", c.RequestAborted);
        }));
        await using var world = await target.StartAsync();
        var called = await world.AddAsync("target", app);
        var client = world.Client(await world.AddClientAsync()).CreateInvokableHttpClient(called.AppId);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = JsonContent.Create(new { a = 1 }) };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("""data: {"a":1}""");
        release.SetResult();
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("data: end");
    }

    [Fact]
    public async Task I3_an_unknown_app_is_ERR_DIRECT_INVOKE()
    {
        await using var world = await target.StartAsync();
        var answer = await world.Http(await world.AddClientAsync()).GetAsync("/v1.0/invoke/nobody/method/x", TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("ERR_DIRECT_INVOKE");
    }

    [Fact]
    public async Task I4_a_target_that_comes_back_is_reached_by_repeatable_requests_only()
    {
        await using var world = await target.StartAsync();
        var first = await ProbeApp.StartAsync((_, a) => a.MapFallback(() => "hello"));
        var port = first.Port;
        var called = await world.AddAsync("target", first);
        var http = world.Http(await world.AddClientAsync());
        await first.DisposeAsync();
        if (target.IsDapr)
        {
            // Between daprds the connection that fails is the one to the other daprd.
            await called.StopAsync();
        }

        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/v1.0/invoke/target/method/x") { Content = JsonContent.Create(new { a = 1 }) };
        chunked.Headers.TransferEncodingChunked = true;
        (await http.SendAsync(chunked, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var pending = http.PostAsync("/v1.0/invoke/target/method/x", new StringContent("a", Encoding.UTF8), TestContext.Current.CancellationToken);
        await using var second = await ProbeApp.StartAsync((_, a) => a.MapFallback(() => "hello"), port: port);
        if (target.IsDapr)
        {
            await called.StartAsync();
        }

        (await (await pending).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("hello");
    }

    [Fact]
    public async Task I5_the_header_form_works_and_replicas_share_the_calls()
    {
        await using var one = await ProbeApp.StartAsync((_, a) => a.MapGet("/who", () => "one"));
        await using var two = await ProbeApp.StartAsync((_, a) => a.MapGet("/who", () => "two"));
        await using var world = await target.StartAsync();
        await world.AddAsync("target", one);
        await world.AddAsync("target", two);
        var http = world.Http(await world.AddClientAsync());
        http.DefaultRequestHeaders.Add("dapr-app-id", "target");
        var answers = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add(await http.GetStringAsync("/who", TestContext.Current.CancellationToken));
        }

        answers.ShouldBeSubsetOf(["one", "two"]);
        if (!target.IsDapr)
        {
            answers.Count(a => a == "one").ShouldBe(2, "replicas take turns; whom daprd chooses is up to its name resolution");
        }
    }

    [Fact]
    public async Task I5_the_invokable_client_of_the_sdk_reaches_the_app()
    {
        await using var app = await ProbeApp.StartAsync((_, a) => a.MapPost("/echo/{n}", (int n, Echo echo) => echo with { Text = echo.Text + n }));
        await using var world = await target.StartAsync();
        var called = await world.AddAsync("target", app);
        var client = world.Client(await world.AddClientAsync()).CreateInvokableHttpClient(called.AppId);
        using var answer = await client.PostAsJsonAsync("/echo/7", new Echo("grüße"), TestContext.Current.CancellationToken);
        (await answer.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken))!.Text.ShouldBe("grüße7");
        (await client.GetAsync($"http://{called.AppId}/none", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task I7_the_trace_goes_on_or_begins()
    {
        await using var app = await ProbeApp.StartAsync((p, a) => a.MapGet("/x", async (HttpContext c) => (await p.RecordAsync(c)).Text));
        await using var world = await target.StartAsync();
        var called = await world.AddAsync("target", app);
        var http = world.Http(await world.AddClientAsync());
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1.0/invoke/{called.AppId}/method/x");
        request.Headers.Add("traceparent", Parent);
        request.Headers.Add("tracestate", "vendor=1");
        await http.SendAsync(request, TestContext.Current.CancellationToken);
        await http.GetAsync($"/v1.0/invoke/{called.AppId}/method/x", TestContext.Current.CancellationToken);
        var (traced, fresh) = (app.Requests.First().Headers, app.Requests.Last().Headers);
        traced["traceparent"][..36].ShouldBe(Parent[..36]);
        traced["traceparent"].ShouldNotBe(Parent, "the call is a span of its own");
        traced["tracestate"].ShouldBe("vendor=1");
        fresh["traceparent"].Length.ShouldBe(55);
    }

    [Fact]
    public async Task I6_a_body_above_the_limit_is_refused()
    {
        await using var app = await ProbeApp.StartAsync((_, a) => a.MapFallback(() => "hello"));
        await using var world = await target.StartAsync();
        var called = await world.AddAsync("target", app);
        var http = world.Http(await world.AddClientAsync());
        http.DefaultRequestHeaders.ExpectContinue = true;
        var answer = await http.PostAsync($"/v1.0/invoke/{called.AppId}/method/x", new ByteArrayContent(new byte[5 * 1024 * 1024]), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    sealed record Echo(string Text);
}
