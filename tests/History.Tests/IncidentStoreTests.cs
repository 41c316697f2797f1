using Forewarn.Contracts;
using Forewarn.History.Storage;
using Forewarn.History.Subscriptions;

namespace Forewarn.History.Tests;

public sealed class IncidentStoreTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    HistoryApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await shared.StartAsync();
        await _app.ExecuteAsync("TRUNCATE history.incidents");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    IncidentStore Store => _app.Get<IncidentStore>();

    [Fact]
    public async Task The_highest_revision_wins_in_any_order()
    {
        await Store.StoreAsync([Incident("i1", 2, IncidentStatus.Acknowledged), Incident("i1", 3, IncidentStatus.Resolved), Incident("i1", 1)], default);
        await Store.StoreAsync([Incident("i1", 2, IncidentStatus.Acknowledged)], default);

        var found = (await Store.FindAsync("i1", default)).ShouldNotBeNull();
        found.Revision.ShouldBe(3);
        found.Status.ShouldBe(IncidentStatus.Resolved);
    }

    [Fact]
    public async Task Pages_go_from_new_to_old_without_loss_or_repeat_and_filters_hold()
    {
        var all = Enumerable.Range(0, 25).Select(i => Incident($"i{i:00}", 1, i % 2 == 0 ? IncidentStatus.Open : IncidentStatus.Resolved, openedAt: i / 2, entity: $"e{i % 3}"));
        await Store.StoreAsync([.. all], default);
        using var client = _app.Client();

        (await PagesAsync(client, "/v1/incidents?limit=4")).ShouldBe(Enumerable.Range(0, 25).Select(i => $"i{i:00}").Reverse());
        (await PagesAsync(client, "/v1/incidents?limit=4&status=open&entity=e0")).ShouldBe(["i24", "i18", "i12", "i06", "i00"]);
        (await PagesAsync(client, "/v1/incidents?limit=100&status=open,resolved")).Count.ShouldBe(25);
    }

    [Fact]
    public async Task An_incident_is_found_by_every_entity_that_it_concerns()
    {
        await Store.StoreAsync(
            [
                Incident("own", 1, openedAt: 1, entity: "web-1"),
                Incident("folded", 1, openedAt: 2, entity: "db-1") with { Entities = ["db-1", "web-1", "web-2"] },
                Incident("storm", 1, openedAt: 3, entity: "switch") with { Entities = [.. Enumerable.Range(0, 50).Select(i => $"web-{i}")], Storm = true },
                Incident("other", 1, openedAt: 4, entity: "db-2") with { Entities = ["db-2"] },
            ], default);
        await Store.StoreAsync([Incident("folded", 2, openedAt: 2, entity: "db-1") with { Entities = ["db-1", "web-1", "web-3"] }], default);
        using var client = _app.Client();

        (await PagesAsync(client, "/v1/incidents?entity=web-1&limit=1")).ShouldBe(["storm", "folded", "own"]);
        (await PagesAsync(client, "/v1/incidents?entity=db-1")).ShouldBe(["folded"]);
        (await PagesAsync(client, "/v1/incidents?entity=web-2")).ShouldBe(["storm"], "the newest revision counts");
        (await PagesAsync(client, "/v1/incidents?entity=switch")).ShouldBe(["storm"], "its own entity need not be listed");
        (await PagesAsync(client, "/v1/incidents?entity=web")).ShouldBeEmpty();
    }

    [Fact]
    public void An_incident_with_a_name_that_no_index_takes_is_no_incident()
    {
        Intake.Refuse(Incident("i", 1) with { Entities = ["web-1", new string('x', 512)] }).ShouldBeNull();
        Intake.Refuse(Incident("i", 1) with { Entities = ["web-1", new string('x', 513)] }).ShouldNotBeNull().ShouldContain("longer than 512");
    }

    [Fact]
    public async Task A_span_gives_the_incidents_that_were_unresolved_at_some_time_of_it()
    {
        await Store.StoreAsync(
            [
                Incident("before", 1, IncidentStatus.Resolved, openedAt: 10) with { ResolvedAt = 99 },
                Incident("into", 1, IncidentStatus.Resolved, openedAt: 10) with { ResolvedAt = 100 },
                Incident("within", 1, IncidentStatus.Resolved, openedAt: 120) with { ResolvedAt = 130 },
                Incident("open", 1, IncidentStatus.Open, openedAt: 199),
                Incident("after", 1, IncidentStatus.Open, openedAt: 200),
            ], default);
        using var client = _app.Client();

        (await PagesAsync(client, "/v1/incidents?from=100&to=200&limit=1")).ShouldBe(["open", "within", "into"]);
        (await PagesAsync(client, "/v1/incidents?from=131&limit=1")).ShouldBe(["after", "open"]);
        (await PagesAsync(client, "/v1/incidents?to=120&limit=1")).ShouldBe(["into", "before"]);
        (await PagesAsync(client, "/v1/incidents?from=100&to=200&status=open")).ShouldBe(["open"]);
    }

    [Fact]
    public async Task An_unknown_incident_is_a_404_problem()
    {
        using var client = _app.Client();
        using var response = await client.GetAsync("/v1/incidents/nope", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
    }

    static async Task<List<string>> PagesAsync(HttpClient client, string path)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var json = await client.GetStringAsync(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}", TestContext.Current.CancellationToken);
            var page = System.Text.Json.JsonSerializer.Deserialize(json, ContractJson.Default.PageIncidentEvent)!;
            ids.AddRange(page.Items.Select(incident => incident.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        return ids;
    }

    static IncidentEvent Incident(string id, long revision, IncidentStatus status = IncidentStatus.Open, long openedAt = 0, string entity = "host") => new()
    {
        Id = id,
        Revision = revision,
        Fingerprint = "f",
        Entity = entity,
        Kind = DetectionKind.Joint,
        Status = status,
        Severity = IncidentSeverity.Warning,
        Summary = "CPU is high",
        StartedAt = openedAt,
        OpenedAt = openedAt,
        UpdatedAt = openedAt,
        Count = 1,
    };
}
