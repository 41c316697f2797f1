using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Forewarn.Alerting.Actions;
using Forewarn.Alerting.Incidents;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

/// <summary>Links of notifications at work: reading changes nothing, a POST does what the link permits and nothing else.</summary>
public sealed class ActionEndpointTests : IAsyncLifetime
{
    DeliveryRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await DeliveryRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Reading_describes_and_changes_nothing_and_acknowledging_works_once()
    {
        var incident = await OpenAsync();
        var path = $"/v1/actions/{await TokenAsync(incident, LinkAction.Acknowledge)}";

        for (var i = 0; i < 3; i++)
        {
            using var shown = await _rig.App.Http.GetAsync(path, TestContext.Current.CancellationToken);
            var info = await shown.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            info.GetProperty("action").GetString().ShouldBe("acknowledge");
            info.GetProperty("incident").GetString().ShouldBe(incident);
        }
        using var done = await _rig.App.Http.PostAsJsonAsync(path, new { who = "Ada" }, TestContext.Current.CancellationToken);
        done.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Snooze_and_false_alarm_are_done_and_tell_who_asked()
    {
        var incident = await OpenAsync();

        using var snoozed = await PostAsync(await TokenAsync(incident, LinkAction.Snooze), "Ada");
        snoozed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StoryAsync(incident)).ShouldContain(line => line.What == TimelineKind.Muted && line.Who == "Ada");

        using var judged = await PostAsync(await TokenAsync(incident, LinkAction.FalseAlarm), " ");
        judged.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StoryAsync(incident)).ShouldContain(line => line.What == TimelineKind.Resolved && line.Text == "a false alarm");
    }

    [Fact]
    public async Task A_forged_link_an_expired_one_and_one_without_an_incident_say_so()
    {
        var token = await TokenAsync("0123456789abcdef-1", LinkAction.Snooze);
        var past = await TokenAsync("0123456789abcdef-1", LinkAction.Snooze, daysFromNow: -1);

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            (await StatusAsync(method, $"x{token}")).ShouldBe(HttpStatusCode.NotFound);
            (await StatusAsync(method, past)).ShouldBe(HttpStatusCode.Gone);
        }
        (await StatusAsync(HttpMethod.Post, await TokenAsync("0123456789abcdef-1", LinkAction.Acknowledge))).ShouldBe(HttpStatusCode.Conflict);
        using var tooLong = await PostAsync(token, new string('a', IncidentRules.MaxWho + 1));
        tooLong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Another_process_finds_the_key_that_the_first_has_drawn()
    {
        var token = await TokenAsync("0123456789abcdef-1", LinkAction.Snooze);
        await _rig.ReplaceAsync();
        (await StatusAsync(HttpMethod.Get, token)).ShouldBe(HttpStatusCode.OK);
    }

    async Task<string> OpenAsync()
    {
        var detection = Incident.At(0);
        await _rig.App.Service<IncidentDirectory>().ObserveAsync(Incident.Fold(detection), TestContext.Current.CancellationToken);
        return Fingerprint.IncidentId(Fingerprint.Of(detection), detection.Since);
    }

    /// <summary>A word changes nothing but the story, and the answer tells it.</summary>
    async Task<IReadOnlyList<TimelineEntry>> StoryAsync(string incident) => (await _rig.App.Service<IncidentDirectory>().ActAsync(
        Fingerprint.FromIncidentId(incident)!, new(IncidentActionKind.Comment, incident, null, "what happened?", null), TestContext.Current.CancellationToken)).Incident!.Timeline;

    async Task<string> TokenAsync(string incident, LinkAction action, int daysFromNow = 7) =>
        new ActionToken(incident, action, TimeProvider.System.GetUtcNow().AddDays(daysFromNow).ToUnixTimeMilliseconds())
            .Sign(await _rig.App.Service<SigningKey>().GetAsync(TestContext.Current.CancellationToken));

    Task<HttpResponseMessage> PostAsync(string token, string who) =>
        _rig.App.Http.PostAsJsonAsync($"/v1/actions/{token}", new { who }, TestContext.Current.CancellationToken);

    async Task<HttpStatusCode> StatusAsync(HttpMethod method, string token)
    {
        using var request = new HttpRequestMessage(method, $"/v1/actions/{token}");
        using var response = await _rig.App.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
