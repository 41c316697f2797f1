using System.Net;
using System.Text.Json;

namespace Forewarn.Gateway.Tests;

/// <summary>The page behind a link: it asks without sign-in, and only its button does anything.</summary>
public sealed class ActionPageTests : IAsyncLifetime
{
    const string Token = "YWNr.c2ln";
    const string Info = """{"action":"acknowledge","incident":"0123456789abcdef-1","expires":1,"entity":"web-1","severity":"critical","status":"open","summary":"cpu at 97 %"}""";
    GatewayApp _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await GatewayApp.StartAsync("--Gateway:AccessToken=a-token-of-many-letters", "--Gateway:AllowedHosts=watch.example.com");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Opening_a_link_shows_what_it_permits_and_asks_only()
    {
        Answer(Info);
        using var response = await GetAsync();
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/html");
        response.Headers.CacheControl?.NoStore.ShouldBeTrue();
        html.ShouldContain("web-1");
        html.ShouldContain("cpu at 97 %");
        html.ShouldContain($"<form method=\"post\" action=\"/act/{Token}\">");
        Asked().Select(call => $"{call.Method} {call.Path}").ShouldBe([$"GET v1/actions/{Token}"]);
    }

    [Fact]
    public async Task The_button_does_it_and_says_who()
    {
        Answer(Info);
        using var response = await PostAsync(" Ada ");

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Acknowledged.");
        var call = Asked().ShouldHaveSingleItem();
        call.Method.ShouldBe("POST");
        call.Headers["dapr-api-token"].ToString().ShouldBe(GatewayApp.DaprToken);
        JsonDocument.Parse(call.Body).RootElement.GetProperty("who").GetString().ShouldBe("Ada");
    }

    [Theory]
    [InlineData(404, "Unknown link")]
    [InlineData(409, "Nothing left to do")]
    [InlineData(410, "This link has expired")]
    public async Task What_alerting_refuses_is_said_in_its_words(int status, string title)
    {
        _app.Sidecar.Answer("alerting", $"v1/actions/{Token}", $$"""{"title":"{{title}}","detail":"<b>why</b>"}""", status, "application/problem+json");
        foreach (var response in new[] { await GetAsync(), await PostAsync("") })
        {
            using (response)
            {
                ((int)response.StatusCode).ShouldBe(status);
                var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                html.ShouldContain(title);
                html.ShouldContain("&lt;b&gt;why&lt;/b&gt;");
            }
        }
    }

    [Fact]
    public async Task An_outage_says_that_nothing_was_changed()
    {
        using var response = await PostAsync("Ada");
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Nothing has been changed");
    }

    [Fact]
    public async Task What_comes_from_an_incident_is_text_and_never_markup()
    {
        Answer(Info.Replace("web-1", "<script>alert(1)</script>", StringComparison.Ordinal).Replace("cpu at 97 %", "<img src=x>", StringComparison.Ordinal));
        using var response = await GetAsync();
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        html.ShouldNotContain("<script");
        html.ShouldNotContain("<img");
    }

    [Fact]
    public async Task Foreign_pages_unknown_hosts_and_endless_links_are_refused_as_everywhere()
    {
        Answer(Info);
        (await StatusAsync(HttpMethod.Post, $"/act/{Token}", request => request.Headers.Add("Origin", "https://evil.example.com"))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Get, $"/act/{Token}", request => request.Headers.Host = "evil.example.com")).ShouldBe(HttpStatusCode.MisdirectedRequest);
        (await StatusAsync(HttpMethod.Get, $"/act/{Token}", request => request.Headers.Host = "watch.example.com")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Get, $"/act/{new string('a', 600)}", _ => { })).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(HttpMethod.Get, "/act/..%2F..%2Fincidents", _ => { })).ShouldBe(HttpStatusCode.ServiceUnavailable);
        Asked().ShouldAllBe(call => call.Path.StartsWith("v1/actions/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_else_still_asks_to_sign_in()
    {
        (await StatusAsync(HttpMethod.Get, "/act", _ => { })).ShouldBe(HttpStatusCode.Redirect);
        (await StatusAsync(HttpMethod.Get, "/act/a/b", _ => { })).ShouldBe(HttpStatusCode.Redirect);
        (await StatusAsync(HttpMethod.Get, "/incidents", _ => { })).ShouldBe(HttpStatusCode.Redirect);
        (await StatusAsync(HttpMethod.Get, "/act/page.css", _ => { })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_does_not_exist_on_the_app_port()
    {
        using var http = new HttpClient { BaseAddress = _app.AppPort };
        using var response = await http.GetAsync($"/act/{Token}", TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>What alerting was asked; the gateway asks others for things of its own.</summary>
    List<(string Method, string Path, Microsoft.AspNetCore.Http.IHeaderDictionary Headers, string Body)> Asked() =>
        [.. _app.Sidecar.Calls.Where(call => call.App == "alerting").Select(call => (call.Method, call.Path, call.Headers, call.Body))];

    void Answer(string json) => _app.Sidecar.Answer("alerting", $"v1/actions/{Token}", json);

    Task<HttpResponseMessage> GetAsync() => _app.Client.GetAsync($"/act/{Token}", TestContext.Current.CancellationToken);

    async Task<HttpResponseMessage> PostAsync(string who)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("who", who)]);
        return await _app.Client.PostAsync($"/act/{Token}", form, TestContext.Current.CancellationToken);
    }

    async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("who", "")]);
        change(request);
        using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
