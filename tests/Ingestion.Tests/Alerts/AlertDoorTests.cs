using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

/// <summary>The doors for alerts, from the request to what the broker gets.</summary>
public sealed class AlertDoorTests : IAsyncLifetime
{
    const string Api = "/api/v2/alerts";
    const string Webhook = "/api/alertmanager";

    RunningIngestion _ingestion = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _ingestion = await RunningIngestion.StartAsync();

    public ValueTask DisposeAsync() => _ingestion.DisposeAsync();

    [Fact]
    public async Task Alerts_of_both_doors_become_detections_of_one_cause()
    {
        await AcceptedAsync(Api, """[{"labels":{"alertname":"Down","instance":"web-1:9100","severity":"page"},"annotations":{"summary":"web-1 is down"}}]""", """{"accepted":1,"ignored":0}""");
        await AcceptedAsync(
            Webhook, """{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"severity":"page","instance":"web-1:9100","alertname":"Down"}}]}""", """{"accepted":1,"ignored":0}""");

        var detections = Detections();
        detections.Select(detection => (detection.Entity, detection.Kind, detection.Severity)).Distinct().ShouldBe([("web-1:9100", DetectionKind.External, IncidentSeverity.Critical)]);
        detections.Select(detection => detection.Cause).Distinct().ShouldHaveSingleItem();
        (detections[1].HoldsUntil - detections[1].T).ShouldBe(24 * 3_600_000L);
        _ingestion.Sidecar.Published.ShouldAllBe(message => message.Key == "web-1:9100");
    }

    [Fact]
    public async Task What_we_told_an_Alertmanager_is_ignored_when_it_comes_back_by_any_door()
    {
        const string ours = """{"status":"firing","labels":{"alertname":"ForewarnJoint","source":"forewarn"}}""";
        await AcceptedAsync(Api, $"[{ours}]", """{"accepted":0,"ignored":1}""");
        await AcceptedAsync(Webhook, $$"""{"version":"4","alerts":[{{ours}}]}""", """{"accepted":0,"ignored":1}""");

        _ingestion.Sidecar.Published.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_a_request_that_is_partly_in_order_that_part_is_taken_and_the_answer_says_so()
    {
        var problem = await RefusedAsync(Api, """[{"labels":{"alertname":"A"}},{"labels":{"alertname":"B"},"startsAt":"soon"}]""", HttpStatusCode.BadRequest);

        problem.GetProperty("field").GetString().ShouldBe("$[1].startsAt");
        problem.GetProperty("reason").GetString().ShouldBe("must be a time such as 2026-11-28T12:00:00Z; 1 of 2 alerts are refused, the others taken");
        (problem.GetProperty("accepted").GetInt32(), problem.GetProperty("refused").GetInt32()).ShouldBe((1, 1));
        Detections().ShouldHaveSingleItem().Labels["alertname"].ShouldBe("A");
    }

    [Theory]
    [InlineData(Api)]
    [InlineData(Webhook)]
    public async Task Both_doors_have_the_limits_of_the_others(string path)
    {
        await RefusedAsync(path, "{", HttpStatusCode.BadRequest);
        await RefusedAsync(path, "[]", HttpStatusCode.UnsupportedMediaType, mediaType: "text/plain");
        await RefusedAsync(path, new string(' ', 9 * 1024 * 1024), HttpStatusCode.RequestEntityTooLarge);
        (await RefusedAsync(path, "[]", HttpStatusCode.Forbidden, host: "evil.example.com")).GetProperty("field").GetString().ShouldBe("Host");
        using var hidden = await _ingestion.AppPort.PostAsync(path, Content("[]", "application/json"), Token);
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        _ingestion.Sidecar.Published.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_there_are_keys_one_is_needed()
    {
        await using var locked = await RunningIngestion.StartAsync(
            "--Ingestion:Keys:0:Name=prometheus", $"--Ingestion:Keys:0:Sha256={Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("s3cret"u8))}");
        using var request = new HttpRequestMessage(HttpMethod.Post, Api) { Content = Content("""[{"labels":{"alertname":"A"}}]""", "application/json") };
        using (var refused = await locked.Http.PostAsync(Api, Content("[]", "application/json"), Token))
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "s3cret");
        using var accepted = await locked.Http.SendAsync(request, Token);
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_the_broker_is_away_the_sender_is_asked_to_come_again()
    {
        _ingestion.Sidecar.Otherwise = Outcome.Lost;
        using var response = await _ingestion.Http.PostAsync(Api, Content("""[{"labels":{"alertname":"A"}}]""", "application/json"), Token);

        (response.StatusCode, response.Headers.RetryAfter?.ToString()).ShouldBe((HttpStatusCode.ServiceUnavailable, "1"));
        _ingestion.Sidecar.Otherwise = Outcome.Stored;
        await AcceptedAsync(Api, """[{"labels":{"alertname":"A"}}]""", """{"accepted":1,"ignored":0}""");
    }

    async Task AcceptedAsync(string path, string body, string answer)
    {
        using var response = await _ingestion.Http.PostAsync(path, Content(body, "application/json"), Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        text.ShouldBe(answer);
    }

    async Task<JsonElement> RefusedAsync(string path, string body, HttpStatusCode status, string mediaType = "application/json", string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(body, mediaType) };
        request.Headers.Host = host;
        using var response = await _ingestion.Http.SendAsync(request, Token);
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return document.RootElement.Clone();
    }

    IReadOnlyList<Detection> Detections() => AlertPrograms.Detections(_ingestion);

    static StringContent Content(string body, string mediaType) => new(body, Encoding.UTF8, mediaType);
}
