using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapr.Client;
using Forewarn.Alerting.Silences;
using Forewarn.Alerting.Tests.Routing;
using Forewarn.Contracts;
using Forewarn.Testing;
using static Forewarn.Alerting.Tests.RoutingRig;

namespace Forewarn.Alerting.Tests.Silences;

/// <summary>Silences and maintenance in the whole service on the embedded sidecar.</summary>
public sealed class SilenceServiceTests : IAsyncLifetime
{
    RoutingRig _rig = null!;

    static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync() => _rig = await StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task One_replica_takes_a_silence_and_every_replica_mutes_by_it_until_it_is_ended()
    {
        var other = await _rig.AddAlertingAsync();
        var incident = RoutingSamples.Incident("web-1");
        var changes = 0;
        other.Service<SilenceBook>().Changed += (_, _) => Interlocked.Increment(ref changes);

        var silence = await SilenceAsync(Request("web-*"));

        _rig.Alerting.Service<SilenceBook>().MutedBy(incident, Now)!.Id.ShouldBe(silence.Id);
        await Eventually.Async("the other replica to know", Limit, () => Task.FromResult(other.Service<SilenceBook>().MutedBy(incident, Now)?.Id == silence.Id));
        await Eventually.Async("the change to be announced", Limit, () => Task.FromResult(_rig.Announced.Any(control => control.Silences is not null)));
        (await ListAsync()).ShouldHaveSingleItem().ShouldBeEquivalentTo(silence);

        using var ended = await _rig.Alerting.Http.DeleteAsync($"/v1/silences/{silence.Id}", TestContext.Current.CancellationToken);
        ended.StatusCode.ShouldBe(HttpStatusCode.OK);
        _rig.Alerting.Service<SilenceBook>().MutedBy(incident, Now).ShouldBeNull();
        await Eventually.Async("the other replica to know of the end", Limit, () => Task.FromResult(other.Service<SilenceBook>().MutedBy(incident, Now) is null));
        changes.ShouldBe(2);
        (await ListAsync()).ShouldBeEmpty();
        (await ListAsync("?ended=true")).ShouldHaveSingleItem().Id.ShouldBe(silence.Id);
        using var again = await _rig.Alerting.Http.DeleteAsync($"/v1/silences/{silence.Id}", TestContext.Current.CancellationToken);
        again.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_cannot_be_silenced_is_refused_with_field_and_reason()
    {
        using var refused = await PostAsync(Request("web-*") with { To = 5, Reason = "" });

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var problem = (await refused.Content.ReadFromJsonAsync<JsonDocument>(TestContext.Current.CancellationToken))!;
        problem.RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe(["to", "reason"]);
        (await ListAsync("?ended=true")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_preview_counts_the_told_incidents_of_a_week_that_it_would_have_muted()
    {
        foreach (var (name, days) in new[] { ("web-1", 1), ("web-2", 2), ("db-1", 3), ("web-3", 8) })
            _rig.Incidents.Add(RoutingSamples.Incident(name, openedAt: Now - (days * 86_400_000L)));
        _rig.Incidents.Add(RoutingSamples.Incident("web-4", openedAt: Now - 5) with { MutedBy = "s" });

        using var answer = await _rig.PostAsync("/v1/silences/preview", Request("web-*"), ContractJson.Default.SilenceRequest);
        var preview = await answer.Content.ReadFromJsonAsync(ContractJson.Default.SilencePreview, TestContext.Current.CancellationToken);

        (preview!.Incidents, preview.Muted).ShouldBe((3, 2));
        preview.Examples.Select(example => example.Entity).ShouldBe(["web-1", "web-2"]);
    }

    [Fact]
    public async Task Maintenance_is_left_out_of_training_and_shortened_when_it_ends_early()
    {
        var maintenance = await SilenceAsync(Request("web-1") with { Kind = SilenceKind.Maintenance, Reason = new string('x', 400) });
        await Eventually.Async("the trainer to know", Limit, () => Task.FromResult(_rig.Exclusions.Count == 1));
        var told = _rig.Exclusions.Values.Single();
        (told.Entity, told.From, told.To, told.Kind, told.Who).ShouldBe(("web-1", maintenance.From, maintenance.To, ExclusionKind.Maintenance, "ops"));
        told.Reason!.Length.ShouldBe(FeedbackRules.MaxNote);

        using var ended = await _rig.Alerting.Http.DeleteAsync($"/v1/silences/{maintenance.Id}", TestContext.Current.CancellationToken);
        var end = (await ended.Content.ReadFromJsonAsync(ContractJson.Default.SilenceInfo, TestContext.Current.CancellationToken))!.To;

        await Eventually.Async("the trainer to know of the end", Limit, () => Task.FromResult(_rig.Exclusions.Values.Select(one => one.To).SequenceEqual([end])));
        await Eventually.Async("it to be settled", Limit, async () => (await _rig.Alerting.Service<SilenceStore>().ReadAsync(TestContext.Current.CancellationToken)).Items[0].IsSettled);
    }

    [Fact]
    public async Task Maintenance_by_pattern_and_label_is_left_out_for_each_host_and_one_of_all_at_once()
    {
        foreach (var name in new[] { "web-1", "web-2", "web-3", "db-1" })
        {
            _rig.Entities.Add(name);
            await CardAsync(name, name is "web-1" or "web-3" or "db-1" ? "payments" : "shop");
        }

        await SilenceAsync(Request("web-*") with { Kind = SilenceKind.Maintenance, Match = new AlertMatch { Entity = "web-*", Labels = RoutingSamples.Labels("team", "pay*") } });
        await Eventually.Async("both to be left out", Limit, () => Task.FromResult(_rig.Exclusions.Values.Select(one => one.Entity).Order().SequenceEqual(["web-1", "web-3"])));

        await SilenceAsync(Request("*") with { Kind = SilenceKind.Maintenance });
        await Eventually.Async("all to be left out", Limit, () => Task.FromResult(_rig.Exclusions.Values.Any(one => one.Entity is null)));
    }

    [Fact]
    public async Task A_trainer_that_is_away_is_told_when_it_is_back()
    {
        _rig.TrainerIsAway = true;
        await SilenceAsync(Request("web-1") with { Kind = SilenceKind.Maintenance });
        var teller = _rig.Alerting.Service<MaintenanceTeller>();
        await teller.TellAsync(isOwn: true, TestContext.Current.CancellationToken);
        _rig.Exclusions.ShouldBeEmpty();
        (await StoredAsync()).IsSettled.ShouldBeFalse();

        _rig.TrainerIsAway = false;
        await teller.TellAsync(isOwn: true, TestContext.Current.CancellationToken);
        _rig.Exclusions.ShouldHaveSingleItem();
        (await StoredAsync()).IsSettled.ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_ended_while_the_trainer_was_away_leaves_nothing_behind_but_its_own_time()
    {
        _rig.TrainerIsAway = true;
        var maintenance = await SilenceAsync(Request("web-1") with { Kind = SilenceKind.Maintenance });
        await _rig.Alerting.Service<MaintenanceTeller>().TellAsync(isOwn: true, TestContext.Current.CancellationToken);
        using var ended = await _rig.Alerting.Http.DeleteAsync($"/v1/silences/{maintenance.Id}", TestContext.Current.CancellationToken);
        _rig.TrainerIsAway = false;

        await _rig.Alerting.Service<MaintenanceTeller>().TellAsync(isOwn: true, TestContext.Current.CancellationToken);

        _rig.Exclusions.Values.Select(one => one.To).ShouldBe([(await StoredAsync()).Info.To]);
        (await StoredAsync()).IsSettled.ShouldBeTrue();
    }

    static SilenceRequest Request(string entity) => new() { Match = new AlertMatch { Entity = entity }, To = Now + 3_600_000, Reason = "new disks", Who = "ops" };

    async Task<SilenceRecord> StoredAsync() => (await _rig.Alerting.Service<SilenceStore>().ReadAsync(TestContext.Current.CancellationToken)).Items.ShouldHaveSingleItem();

    Task<HttpResponseMessage> PostAsync(SilenceRequest request) => _rig.PostAsync("/v1/silences", request, ContractJson.Default.SilenceRequest);

    async Task<SilenceInfo> SilenceAsync(SilenceRequest request)
    {
        using var created = await PostAsync(request);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await created.Content.ReadFromJsonAsync(ContractJson.Default.SilenceInfo, TestContext.Current.CancellationToken))!;
    }

    async Task<IReadOnlyList<SilenceInfo>> ListAsync(string query = "") => (await _rig.GetAsync($"/v1/silences{query}", ContractJson.Default.PageSilenceInfo)).Items;

    Task CardAsync(string entity, string team) => _rig.Alerting.Service<DaprClient>().SaveByteStateAsync(
        Components.Entities, entity, JsonSerializer.SerializeToUtf8Bytes(new EntityCard { Entity = entity, Attributes = RoutingSamples.Labels("team", team), At = 1 }, ContractJson.Default.EntityCard),
        cancellationToken: TestContext.Current.CancellationToken);
}
