using Forewarn.Contracts;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

/// <summary>The ledger as callers see it, filled by incidents as alerting publishes them.</summary>
public sealed class LeadTimeTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    HistoryApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await shared.StartAsync();
        await _app.ExecuteAsync("TRUNCATE history.incidents, history.lead_times");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_outcome_follows_the_newest_revision_in_any_order()
    {
        await StoreAsync(Incident("i1", 1, Said(1000)), Incident("i2", 1));
        (await LinesAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.Prediction.Outcome.ShouldBe(PredictionOutcome.Pending), line => line.LeadSeconds.ShouldBeNull(), line => line.Entity.ShouldBe("db-1"));

        await StoreAsync(Incident("i1", 3, Said(1000) with { Outcome = PredictionOutcome.Confirmed, OutcomeAt = 241_000 }));
        await StoreAsync(Incident("i1", 2, Said(1000)));
        var line = (await LinesAsync()).ShouldHaveSingleItem();
        line.LeadSeconds.ShouldBe(240);
        line.Prediction.ShouldBe(Said(1000) with { Outcome = PredictionOutcome.Confirmed, OutcomeAt = 241_000 });
    }

    [Fact]
    public async Task The_same_revision_twice_changes_nothing()
    {
        var settled = Incident("i1", 3, Said(1000) with { Outcome = PredictionOutcome.Expired, OutcomeAt = 9000 });
        await StoreAsync(settled, settled);
        await StoreAsync(settled);
        (await LinesAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_second_prediction_of_an_incident_is_a_line_of_its_own_and_the_first_keeps_its_outcome()
    {
        await StoreAsync(Incident("i1", 1, Said(1000)));
        await StoreAsync(
            Incident("i1", 5, Said(1000) with { Outcome = PredictionOutcome.Averted, OutcomeAt = 5000, AvertedBy = "acknowledged" }),
            Incident("i1", 9, Said(70_000)));
        (await LinesAsync()).Select(line => (line.Prediction.SaidAt, line.Prediction.Outcome))
            .ShouldBe([(70_000, PredictionOutcome.Pending), (1000, PredictionOutcome.Averted)]);
    }

    [Fact]
    public async Task A_prediction_that_nobody_will_settle_any_more_leaves_the_ledger_whichever_revision_comes_first()
    {
        await StoreAsync(Incident("late", 1, Said(1000)));
        await StoreAsync(Incident("late", 2, Said(70_000)));
        await StoreAsync(Incident("early", 2, Said(70_000)));
        await StoreAsync(Incident("early", 1, Said(1000)));
        (await LinesAsync()).Select(line => (line.Incident, line.Prediction.SaidAt)).ShouldBe([("late", 70_000), ("early", 70_000)]);
    }

    [Fact]
    public async Task Pages_go_from_new_to_old_and_filters_hold()
    {
        await StoreAsync([.. Enumerable.Range(0, 25).Select(i => Incident($"i{i:00}", 1, Said(i / 2) with { Outcome = (PredictionOutcome)(i % 4) }, $"e{i % 3}"))]);
        (await LinesAsync("?limit=4", limit: null)).Select(line => line.Incident).ShouldBe(Enumerable.Range(0, 25).Select(i => $"i{i:00}").Reverse());
        (await LinesAsync("?entity=e0&outcome=pending,expired", limit: 2)).Select(line => line.Incident).ShouldBe(["i24", "i15", "i12", "i03", "i00"]);
        (await LinesAsync("?from=3&to=5", limit: 1)).Select(line => line.Incident).ShouldBe(["i09", "i08", "i07", "i06"]);
        using var client = _app.Client();
        await Pages.ShouldRefuseAsync(client, "/v1/lead-times?cursor=surely-not", "cursor");
        await Pages.ShouldRefuseAsync(client, "/v1/lead-times?outcome=perhaps", "outcome");
        await Pages.ShouldRefuseAsync(client, "/v1/lead-times/summary?from=5&to=5", "to");
    }

    [Fact]
    public async Task The_summary_covers_what_was_said_in_the_span()
    {
        await StoreAsync(
            Incident("a", 1, Said(100) with { Outcome = PredictionOutcome.Confirmed, OutcomeAt = 240_100, Probability = 0.95 }),
            Incident("b", 1, Said(200) with { Outcome = PredictionOutcome.Expired, OutcomeAt = 999, Probability = 0.55 }),
            Incident("c", 1, Said(300)),
            Incident("d", 1, Said(900) with { Outcome = PredictionOutcome.Expired }));
        using var client = _app.Client();
        var summary = await Pages.ReadAsync(client, "/v1/lead-times/summary?from=100&to=900", ContractJson.Default.LeadTimeSummary);
        (summary.From, summary.To, summary.Pending, summary.Confirmed, summary.Averted, summary.Expired).ShouldBe((100, 900, 1, 1, 0, 1));
        (summary.Precision, summary.SecondsEarned, summary.MedianLeadSeconds, summary.WithinInterval).ShouldBe((0.5, 240, 240, 1));
        summary.Calibration.Count.ShouldBe(10);
        summary.Calibration[9].ShouldBe(new CalibrationBin(0.9, 1, 1, 0.95, 1));
        var all = await Pages.ReadAsync(client, "/v1/lead-times/summary", ContractJson.Default.LeadTimeSummary);
        (all.Expired, all.From).ShouldBe((2, 0));
    }

    [Fact]
    public async Task What_was_stored_before_there_was_a_ledger_is_entered_into_it()
    {
        await using var old = await HistoryApp.StartAsync();
        await old.ExecuteAsync("DROP VIEW history.incident_times, history.bands, history.forecasts; DROP TABLE history.outlooks");
        await old.ExecuteAsync("DROP TABLE history.lead_times; DROP INDEX history.incidents_by_entities; ALTER TABLE history.incidents DROP COLUMN entities");
        await old.ExecuteAsync("CREATE INDEX incidents_by_entity ON history.incidents (entity, opened_at DESC, id DESC); DELETE FROM history.migrations WHERE version >= 6");
        foreach (var incident in (IncidentEvent[])[Incident("i1", 4, Said(1000)) with { Entities = ["db-1", "web-1"] }, Incident("i2", 1)])
        {
            var body = System.Text.Json.JsonSerializer.Serialize(incident, ContractJson.Default.IncidentEvent);
            await old.ExecuteAsync($"INSERT INTO history.incidents VALUES ('{incident.Id}', {incident.Revision}, 'db-1', 'open', 0, 0, '{body}')");
        }
        await old.StopAsync();
        await old.AddReplicaAsync();

        using var client = old.Client();
        (await Pages.AllAsync(client, "/v1/lead-times", ContractJson.Default.PageLeadTime)).ShouldHaveSingleItem().Prediction.ShouldBe(Said(1000));
        (await Pages.AllAsync(client, "/v1/incidents?entity=web-1", ContractJson.Default.PageIncidentEvent)).ShouldHaveSingleItem().Id.ShouldBe("i1");
        (await Pages.AllAsync(client, "/v1/incidents?entity=db-1", ContractJson.Default.PageIncidentEvent)).Count.ShouldBe(2);
    }

    Task StoreAsync(params IReadOnlyList<IncidentEvent> incidents) => _app.Get<IncidentStore>().StoreAsync(incidents, TestContext.Current.CancellationToken);

    async Task<List<LeadTime>> LinesAsync(string query = "", int? limit = 3)
    {
        using var client = _app.Client();
        return await Pages.AllAsync(client, $"/v1/lead-times{query}", ContractJson.Default.PageLeadTime, limit);
    }

    static BreachPrediction Said(long at) => new()
    {
        Series = "0123456789abcdef",
        Name = "system.filesystem.utilization",
        Unit = "1",
        Limit = 1,
        SaidAt = at,
        EarliestAt = at + 200_000,
        PredictedAt = at + 240_000,
        LatestAt = at + 300_000,
        Probability = 0.9,
        Outcome = PredictionOutcome.Pending,
    };

    static IncidentEvent Incident(string id, long revision, BreachPrediction? prediction = null, string entity = "db-1") => new()
    {
        Id = id,
        Revision = revision,
        Fingerprint = "f",
        Entity = entity,
        Kind = DetectionKind.PredictedBreach,
        Status = IncidentStatus.Open,
        Severity = IncidentSeverity.Warning,
        Summary = "full soon",
        StartedAt = 0,
        OpenedAt = 0,
        UpdatedAt = 0,
        Count = 1,
        Prediction = prediction,
    };
}
