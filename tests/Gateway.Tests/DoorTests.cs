using System.Net;
using Forewarn.Gateway.Security;
using Forewarn.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Forewarn.Gateway.Tests;

public sealed class DoorTests : IAsyncLifetime
{
    const string Token = "a-token-of-many-letters";
    GatewayApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await GatewayApp.StartAsync(
        "--Gateway:AllowedHosts=forewarn.example.com", "--Gateway:AllowedOrigins=https://portal.example.com");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("localhost:1", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:7700", 200)]
    [InlineData("Forewarn.Example.com", 200)]
    [InlineData("evil.example.com", 421)]
    [InlineData("127.0.0.1.evil.example.com", 421)]
    public async Task Only_known_host_names_are_answered(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/status") { Headers = { Host = host } };
        using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        if (status != 200)
            response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("POST", "/api/train", "https://evil.example.com", null, 403)]
    [InlineData("POST", "/api/train", "null", null, 403)]
    [InlineData("POST", "/api/train", "https://portal.example.com", null, 202)]
    [InlineData("POST", "/api/train", "self", null, 202)]
    [InlineData("POST", "/api/train", null, null, 202)]
    [InlineData("POST", "/api/train", null, "cross-site", 403)]
    [InlineData("POST", "/api/models/rollback", "https://evil.example.com", null, 403)]
    [InlineData("POST", "/api/models/0123456789abcdef/promote", null, "cross-site", 403)]
    [InlineData("GET", "/api/stream", "https://evil.example.com", null, 403)]
    [InlineData("GET", "/api/stream", null, "cross-site", 403)]
    [InlineData("GET", "/api/stream", "self", "same-origin", 200)]
    [InlineData("GET", "/api/models", "https://evil.example.com", null, 200)]
    public async Task Foreign_pages_may_neither_change_nor_listen(string method, string path, string? origin, string? site, int status)
    {
        _app.Sidecar.Answer("trainer", "v1/train", "{}", 202);
        _app.Sidecar.Answer("trainer", "v1/models", "{}");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (origin is not null)
            request.Headers.Add("Origin", origin == "self" ? _app.Public.GetLeftPart(UriPartial.Authority) : origin);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using var response = await _app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("POST", "/subscriptions/broadcast/predictions")]
    [InlineData("GET", "/dapr/subscribe")]
    [InlineData("GET", "/healthz/ready")]
    public async Task What_belongs_to_the_sidecar_does_not_exist_outside(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_public_API_does_not_exist_on_the_app_port()
    {
        using var http = new HttpClient { BaseAddress = _app.AppPort };
        using var api = await http.GetAsync("/api/status", TestContext.Current.CancellationToken);
        using var health = await http.GetAsync("/healthz/ready", TestContext.Current.CancellationToken);

        api.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        foreach (var path in new[] { "/", "/api/status", "/api/nope" })
        {
            using var response = await _app.Client.GetAsync(path, TestContext.Current.CancellationToken);
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        }
    }

    [Fact]
    public async Task A_page_with_a_form_lets_browsers_name_it_as_its_origin()
    {
        await using var app = await GatewayApp.StartAsync($"--Gateway:AccessToken={Token}");
        foreach (var path in new[] { SignInPage.Path, "/act/x.y" })
        {
            using var response = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
            // With no-referrer they send "Origin: null" with the form, which is refused.
            response.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        }
    }

    [Fact]
    public async Task With_an_access_token_nothing_is_shown_before_sign_in()
    {
        await using var app = await GatewayApp.StartAsync($"--Gateway:AccessToken={Token}");

        using var page = await app.Client.GetAsync("/", TestContext.Current.CancellationToken);
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        page.Headers.Location?.ToString().ShouldBe("/sign-in");
        using var api = await app.Client.GetAsync("/api/status", TestContext.Current.CancellationToken);
        api.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(app, "Authorization", "Bearer wrong")).ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(app, "Authorization", $"Bearer {Token}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_in_gives_a_cookie_that_opens_until_it_expires_and_cannot_be_forged()
    {
        await using var app = await GatewayApp.StartAsync($"--Gateway:AccessToken={Token}");
        using var wrong = await SignInAsync(app, "not-the-token-at-all");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Headers.Contains("Set-Cookie").ShouldBeFalse();

        using var right = await SignInAsync(app, Token);
        var cookie = right.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain(Token);
        var session = cookie.Split(';')[0];
        (await GetAsync(app, "Cookie", session)).ShouldBe(HttpStatusCode.OK);
        var until = session.Split('=')[1].Split('.')[0];
        (await GetAsync(app, "Cookie", session.Replace(until, until + "0", StringComparison.Ordinal))).ShouldBe(HttpStatusCode.Unauthorized);

        app.Time.Advance(TimeSpan.FromDays(8));
        (await GetAsync(app, "Cookie", session)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("0.0.0.0", null, "GATEWAY__ACCESSTOKEN")]
    [InlineData("0.0.0.0", "short", "16 characters")]
    [InlineData("somewhere", null, "IP address")]
    public void It_does_not_start_beyond_loopback_without_a_proper_token(string address, string? token, string reason)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["Gateway:Address"] = address, ["Gateway:AccessToken"] = token }).Build();

        var refused = Should.Throw<OptionsException>(() => OptionsExtensions.Read<GatewayOptions>(configuration));

        refused.Message.ShouldContain(reason);
        if (token is not null)
            refused.Message.ShouldNotContain(token);
    }

    [Fact]
    public void Beyond_loopback_the_machine_and_the_bound_address_are_known_names()
    {
        var everywhere = new HostGuard(new GatewayOptions { Address = "0.0.0.0", AccessToken = Token }, "watcher");
        everywhere.Allows(new HostString("WATCHER", 7700)).ShouldBeTrue();
        everywhere.Allows(new HostString("10.0.0.5", 7700)).ShouldBeFalse();
        new HostGuard(new GatewayOptions { Address = "10.0.0.5", AccessToken = Token }, "watcher").Allows(new HostString("10.0.0.5", 7700)).ShouldBeTrue();
        new HostGuard(new GatewayOptions(), "watcher").Allows(new HostString("watcher", 7700)).ShouldBeFalse();
    }

    static async Task<HttpStatusCode> GetAsync(GatewayApp app, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/status");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    static async Task<HttpResponseMessage> SignInAsync(GatewayApp app, string token)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("token", token)]);
        return await app.Client.PostAsync("/sign-in", form, TestContext.Current.CancellationToken);
    }
}
