using System.Collections.Concurrent;
using System.Net;
using System.Text;
using DevSidecar;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Gateway.Tests;

/// <summary>Feedback from a browser to whoever listens on the topic.</summary>
public sealed class FeedbackTests : IAsyncLifetime
{
    readonly ConcurrentQueue<FeedbackEvent> _published = [];
    SidecarRig _platform = null!;
    HttpClient _http = null!;
    bool _isHistoryAway;

    public async ValueTask InitializeAsync()
    {
        _platform = await SidecarRig.StartAsync();
        var port = FreePorts.Next();
        await _platform.AddAsync(Apps.History, _ => { }, app => app.MapGet("/v1/incidents/{id}", (string id) =>
            _isHistoryAway ? Results.Problem("no database", statusCode: 503)
            : id == "i-1" ? Results.Ok(Samples.Incident("i-1", 3) with { Features = [0.25f, float.NaN], Model = "0123456789abcdef", ResolvedAt = 500 })
            : Results.NotFound()));
        await _platform.AddAsync(Apps.Trainer, _ => { }, app => app.MapBulkSubscription(
            Components.Alerts, Topics.Feedback, ContractJson.Default.FeedbackEvent, (messages, _) =>
            {
                foreach (var message in messages)
                    _published.Enqueue(message);
                return Task.CompletedTask;
            }));
        await _platform.AddAsync(Apps.Gateway, builder => builder.AddGateway(), app => app.MapGateway(), $"--Gateway:Port={port}");
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _platform.DisposeAsync();
    }

    [Fact]
    public async Task A_word_about_an_incident_is_published_with_the_row_that_was_scored()
    {
        using var accepted = await PostAsync("/api/incidents/i-1/feedback", """{"kind":"false-alarm","who":"ops","note":"the backup"}""");
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await Eventually.Async("the word to be published", TimeSpan.FromSeconds(30), () => Task.FromResult(!_published.IsEmpty));
        var message = _published.ShouldHaveSingleItem();
        message.Features.ShouldBe([0.25f, float.NaN]);
        (message.Id, message.Kind, message.Entity, message.Incident).ShouldBe((FeedbackEvent.IdOf("i-1"), FeedbackKind.FalseAlarm, "host", "i-1"));
        (message.Detection, message.From, message.To, message.Model).ShouldBe((DetectionKind.Joint, 1L, 500L, "0123456789abcdef"));
        (message.Who, message.Note).ShouldBe(("ops", "the backup"));
    }

    [Fact]
    public async Task A_missed_time_is_published()
    {
        using var accepted = await PostAsync("/api/feedback", """{"kind":"missed","entity":"host","from":1000,"to":2000}""");
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await Eventually.Async("the word to be published", TimeSpan.FromSeconds(30), () => Task.FromResult(!_published.IsEmpty));
        var message = _published.ShouldHaveSingleItem();
        (message.Id, message.Kind, message.From, message.To).ShouldBe((FeedbackEvent.IdOf("host", 1000, 2000), FeedbackKind.Missed, 1000L, 2000L));
    }

    [Theory]
    [InlineData("/api/incidents/i-1/feedback", """{"kind":"missed"}""", 400, "goes to POST /api/feedback")]
    [InlineData("/api/incidents/i-1/feedback", """{"kind":"useful","entity":"host"}""", 400, "goes to POST /api/feedback")]
    [InlineData("/api/incidents/i-1/feedback", """{"kind":"nonsense"}""", 400, "at $.kind: kind is useful, false-alarm or missed")]
    [InlineData("/api/incidents/i-1/feedback", """{}""", 400, "kind is useful, false-alarm or missed")]
    [InlineData("/api/incidents/i-9/feedback", """{"kind":"useful"}""", 404, "There is no incident 'i-9'")]
    [InlineData("/api/feedback", "null", 400, "The body is null")]
    [InlineData("/api/feedback", "{", 400, "cannot be read")]
    [InlineData("/api/feedback", """{"kind":"useful"}""", 400, "Only kind missed")]
    [InlineData("/api/feedback", """{"kind":"missed","entity":"host","from":1000}""", 400, "entity, from and to are needed")]
    [InlineData("/api/feedback", """{"kind":"missed","entity":"host","from":2000,"to":1000}""", 400, "to must be later than from")]
    public async Task What_cannot_be_kept_is_refused_with_the_reason_and_not_published(string path, string body, int status, string reason)
    {
        using var refused = await PostAsync(path, body);

        ((int)refused.StatusCode).ShouldBe(status);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace("\\u0027", "'", StringComparison.Ordinal).ShouldContain(reason);
        _published.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_history_that_is_away_is_an_outage_and_no_unknown_incident()
    {
        _isHistoryAway = true;
        using var away = await PostAsync("/api/incidents/i-1/feedback", """{"kind":"useful"}""");
        away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Foreign_pages_and_large_bodies_are_kept_out()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/feedback") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", "https://evil.example.com");
        using var foreign = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var large = await PostAsync("/api/feedback", $$"""{"kind":"missed","note":"{{new string('x', 70_000)}}"}""");
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
