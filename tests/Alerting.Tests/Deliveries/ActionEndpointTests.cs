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
    AlertingRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await AlertingRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Reading_describes_and_changes_nothing_and_acknowledging_works_once()
    {
        var incident = await OpenAsync();
        var path = $"/v1/actions/{await TokenAsync(incident, IncidentAction.Acknowledge)}";

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
    public async Task Snooze_and_false_alarm_are_carried_on_with_who_asked()
    {
        using var snoozed = await PostAsync(await TokenAsync("0123456789abcdef-1", IncidentAction.Snooze), "Ada");
        using var judged = await PostAsync(await TokenAsync("0123456789abcdef-1", IncidentAction.FalseAlarm), " ");

        snoozed.StatusCode.ShouldBe(HttpStatusCode.OK);
        judged.StatusCode.ShouldBe(HttpStatusCode.OK);
        _rig.Doer.Done.ShouldBe(["snooze 0123456789abcdef-1 60 Ada", "false-alarm 0123456789abcdef-1 "]);
    }

    [Fact]
    public async Task A_forged_link_an_expired_one_and_one_without_an_incident_say_so()
    {
        var token = await TokenAsync("0123456789abcdef-1", IncidentAction.Snooze);
        var past = await TokenAsync("0123456789abcdef-1", IncidentAction.Snooze, daysFromNow: -1);

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            (await StatusAsync(method, $"x{token}")).ShouldBe(HttpStatusCode.NotFound);
            (await StatusAsync(method, past)).ShouldBe(HttpStatusCode.Gone);
        }
        (await StatusAsync(HttpMethod.Post, await TokenAsync("0123456789abcdef-1", IncidentAction.Acknowledge))).ShouldBe(HttpStatusCode.Conflict);
        using var tooLong = await PostAsync(token, new string('a', IncidentRules.MaxWho + 1));
        tooLong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        _rig.Doer.Done.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_process_finds_the_key_that_the_first_has_drawn()
    {
        var token = await TokenAsync("0123456789abcdef-1", IncidentAction.Snooze);
        await _rig.ReplaceAsync();
        (await StatusAsync(HttpMethod.Get, token)).ShouldBe(HttpStatusCode.OK);
    }

    async Task<string> OpenAsync()
    {
        var detection = IncidentMachineTests.At(0);
        await _rig.App.Service<IncidentDirectory>().ObserveAsync(Incidents.Fingerprint.Of(detection), new DetectionFold([detection]), TestContext.Current.CancellationToken);
        return Incidents.Fingerprint.IncidentId(Incidents.Fingerprint.Of(detection), detection.Since);
    }

    async Task<string> TokenAsync(string incident, IncidentAction action, int daysFromNow = 7) =>
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
