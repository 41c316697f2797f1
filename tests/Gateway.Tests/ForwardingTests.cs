using System.Net;
using System.Text;

namespace Forewarn.Gateway.Tests;

public sealed class ForwardingTests : IAsyncLifetime
{
    GatewayApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await GatewayApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("GET", "/api/entities?limit=5", "history", "v1/entities", "?limit=5")]
    [InlineData("GET", "/api/series?entity=a%20b%26c", "history", "v1/series", "?entity=a%20b%26c")]
    [InlineData("GET", "/api/series?label=a:b%20c&label=!d:*&unit=By/s", "history", "v1/series", "?label=a:b%20c&label=!d:*&unit=By/s")]
    [InlineData("GET", "/api/latest?entity=web-*&name=cpu", "history", "v1/latest", "?entity=web-*&name=cpu")]
    [InlineData("GET", "/api/predictions?from=1&to=2&order=oldest", "history", "v1/predictions", "?from=1&to=2&order=oldest")]
    [InlineData("GET", "/api/range?entity=h&from=1&to=2", "history", "v1/range", "?entity=h&from=1&to=2")]
    [InlineData("GET", "/api/incidents?status=open", "history", "v1/incidents", "?status=open")]
    [InlineData("GET", "/api/incidents/abc", "history", "v1/incidents/abc", "")]
    [InlineData("POST", "/api/incidents/abc/acknowledge", "alerting", "v1/incidents/abc/acknowledge", "")]
    [InlineData("POST", "/api/incidents/abc/assign", "alerting", "v1/incidents/abc/assign", "")]
    [InlineData("POST", "/api/incidents/abc/comment", "alerting", "v1/incidents/abc/comment", "")]
    [InlineData("POST", "/api/incidents/abc/resolve", "alerting", "v1/incidents/abc/resolve", "")]
    [InlineData("POST", "/api/changes", "alerting", "v1/changes", "")]
    [InlineData("GET", "/api/silences?ended=true", "alerting", "v1/silences", "?ended=true")]
    [InlineData("POST", "/api/silences", "alerting", "v1/silences", "")]
    [InlineData("DELETE", "/api/silences/s1", "alerting", "v1/silences/s1", "")]
    [InlineData("POST", "/api/silences/preview", "alerting", "v1/silences/preview", "")]
    [InlineData("GET", "/api/budgets", "alerting", "v1/budgets", "")]
    [InlineData("GET", "/api/alerts/config", "alerting", "v1/config", "")]
    [InlineData("POST", "/api/alerts/test?route=ops", "alerting", "v1/alerts/test", "?route=ops")]
    [InlineData("GET", "/api/alerts/tests/test-1", "alerting", "v1/alerts/tests/test-1", "")]
    [InlineData("POST", "/api/alerts/dry-run", "alerting", "v1/alerts/dry-run", "")]
    [InlineData("GET", "/api/lead-times?outcome=confirmed", "history", "v1/lead-times", "?outcome=confirmed")]
    [InlineData("GET", "/api/lead-times/summary?from=1&to=2", "history", "v1/lead-times/summary", "?from=1&to=2")]
    [InlineData("GET", "/api/feedback?incident=i1", "trainer", "v1/feedback", "?incident=i1")]
    [InlineData("POST", "/api/feedback/preview?days=3", "trainer", "v1/feedback/preview", "?days=3")]
    [InlineData("GET", "/api/feedback/preview", "trainer", "v1/feedback/preview", "")]
    [InlineData("GET", "/api/training/exclusions", "trainer", "v1/exclusions", "")]
    [InlineData("POST", "/api/training/exclusions", "trainer", "v1/exclusions", "")]
    [InlineData("DELETE", "/api/training/exclusions/e1", "trainer", "v1/exclusions/e1", "")]
    [InlineData("GET", "/api/models", "trainer", "v1/models", "")]
    [InlineData("GET", "/api/models/drift", "trainer", "v1/drift", "")]
    [InlineData("POST", "/api/models/abc/promote", "trainer", "v1/models/abc/promote", "")]
    [InlineData("POST", "/api/models/rollback?group=any", "trainer", "v1/models/rollback", "?group=any")]
    [InlineData("POST", "/api/train", "trainer", "v1/train", "")]
    [InlineData("POST", "/api/train?kind=autoencoder", "trainer", "v1/train", "?kind=autoencoder")]
    [InlineData("GET", "/api/jobs", "trainer", "v1/jobs", "")]
    [InlineData("GET", "/api/jobs/j1", "trainer", "v1/jobs/j1", "")]
    public async Task A_public_path_reaches_its_service(string method, string path, string app, string upstream, string query)
    {
        _app.Sidecar.Answer(app, upstream, """{"ok":true}""", 202);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
            request.Content = new StringContent("""{"a":1}""", Encoding.UTF8, "application/json");
        request.Headers.Add("Cookie", "forewarn-session=1.x");
        request.Headers.Add("Authorization", "Bearer secret");
        request.Headers.Add("dapr-api-token", "forged");

        using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"ok":true}""");
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        var call = _app.Sidecar.Calls.Single(call => call.Path == upstream && call.Method == method && call.Query == query);
        call.App.ShouldBe(app);
        call.Body.ShouldBe(method == "POST" ? """{"a":1}""" : "");
        call.Headers["dapr-api-token"].ToString().ShouldBe(GatewayApp.DaprToken);
        call.Headers.Cookie.Count.ShouldBe(0);
        call.Headers.Authorization.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("acknowledge")]
    [InlineData("resolve")]
    public async Task An_action_that_needs_no_words_is_taken_without_a_body(string action)
    {
        _app.Sidecar.Answer("alerting", $"v1/incidents/abc/{action}", "{}");

        using var response = await _app.Client.PostAsync($"/api/incidents/abc/{action}", content: null, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task A_problem_of_the_service_comes_through_unchanged(int status)
    {
        _app.Sidecar.Answer("history", "v1/range", """{"title":"theirs"}""", status, "application/problem+json");

        using var response = await _app.Client.GetAsync("/api/range", TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"title":"theirs"}""");
    }

    [Fact]
    public async Task A_service_that_the_sidecar_cannot_reach_is_a_503_problem()
    {
        using var response = await _app.Client.GetAsync("/api/models", TestContext.Current.CancellationToken);
        await ShouldBeOutageAsync(response, "trainer");
    }

    [Fact]
    public async Task A_sidecar_that_is_away_is_a_503_problem()
    {
        await _app.Sidecar.StopAsync();
        using var response = await _app.Client.GetAsync("/api/entities", TestContext.Current.CancellationToken);
        await ShouldBeOutageAsync(response, "history");
    }

    [Theory]
    [InlineData("GET", "/api/nope")]
    [InlineData("DELETE", "/api/incidents/1")]
    [InlineData("GET", "/api")]
    public async Task An_unknown_API_path_is_a_problem_and_not_the_dashboard(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBeInRange(404, 405);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_body_beyond_reason_is_refused_before_it_is_forwarded()
    {
        using var response = await _app.Client.PostAsync("/api/train", new ByteArrayContent(new byte[100_000]), TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        _app.Sidecar.Calls.ShouldNotContain(call => call.Path == "v1/train");
    }

    static async Task ShouldBeOutageAsync(HttpResponseMessage response, string app)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        response.Headers.RetryAfter.ShouldNotBeNull();
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"{app} does not answer");
    }
}
