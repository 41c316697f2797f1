using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Gateway.Tests;

/// <summary>What a scrape says, as whoever scrapes reads it.</summary>
public sealed class MetricsPageTests : IAsyncLifetime
{
    static readonly string[] Breach = ["forewarn_breach_limit", "forewarn_breach_probability", "forewarn_breach_median_seconds", "forewarn_breach_earliest_seconds", "forewarn_breach_latest_seconds"];

    GatewayApp _app = null!;
    Fleet _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync();
        _fleet = new Fleet(_app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_entity_has_score_p_maturity_model_and_the_time_of_its_newest_tick_on_every_cadence()
    {
        var strange = _fleet.Verdict("web-1", Fleet.Host, tick => tick with { Score = 0.7f, P = 1.5e-9, Extrapolated = true, Anomalous = true }) with { Maturity = EntityMaturity.Warm };
        await _fleet.TellAsync(strange, _fleet.Verdict("web-1", Fleet.Host, cadenceMs: 60_000));

        var scrape = await _fleet.ScrapeAsync();

        scrape.Of("forewarn_entity_score").Select(sample => (sample["entity"], sample["cadence"], sample.Value)).ShouldBe([("web-1", "1s", 0.7), ("web-1", "1m", 0.25)]);
        Value("forewarn_entity_p_value").ShouldBe(1.5e-9);
        Value("forewarn_entity_p_extrapolated").ShouldBe(1);
        Value("forewarn_entity_anomalous").ShouldBe(1);
        Value("forewarn_entity_maturity").ShouldBe(2);
        Value("forewarn_entity_last_tick_timestamp_seconds").ShouldBe(strange.Ticks[0].T / 1000.0);
        scrape.Of("forewarn_entity_model_info").Select(sample => (sample["cadence"], sample["model"], sample.Value)).ShouldBe([("1s", "abcdef", 1.0), ("1m", "abcdef", 1.0)]);

        double Value(string name) => scrape.Of(name).Single(sample => sample["cadence"] == "1s").Value;
    }

    [Fact]
    public async Task A_metric_has_value_band_and_z_in_its_own_unit_with_its_own_labels()
    {
        await _fleet.TellAsync(_fleet.Verdict("web-1", Fleet.Host, tick => tick with { Values = [0.1f, 1.5e12f], Z = [-7.25f, 2] }, Fleet.Band(Fleet.Host, 0.25f, 0.5f)));

        var scrape = await _fleet.ScrapeAsync();

        scrape.Of("forewarn_metric_value").Select(sample => sample.Value).ShouldBe([0.1, 1.5e12]);
        var cpu = scrape.Of("forewarn_metric_z_score").First();
        cpu.Value.ShouldBe(-7.25);
        cpu.Labels.ShouldBe(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["entity"] = "web-1",
                ["metric"] = "system.cpu.utilization",
                ["unit"] = "1",
                ["series"] = Fleet.Host.Columns[0].Id,
                ["label_state"] = "user",
            },
            ignoreOrder: true);
        scrape.Of("forewarn_metric_expected_low").Select(sample => sample.Value).ShouldBe([0.25, 0.25]);
        scrape.Of("forewarn_metric_expected_high").Select(sample => sample.Value).ShouldBe([0.5, 0.5]);
        scrape.Of("forewarn_metric_value").Last()["label_mount_point"].ShouldBe("C:\\data \"1\"");
    }

    [Fact]
    public async Task A_forecast_is_there_while_a_metric_is_on_its_way_to_a_limit_and_then_is_not()
    {
        var disk = Fleet.Host.Columns[1];
        await _fleet.TellAsync(_fleet.Verdict("db-1", Fleet.Host, outlook: Fleet.Band(Fleet.Host, 0, 1, Fleet.Breach(disk, p60m: 0.8, medianSeconds: 1_200))));
        // Most ticks bring no outlook: the newest one holds.
        await _fleet.TellAsync(_fleet.Verdict("db-1", Fleet.Host));

        var ahead = await _fleet.ScrapeAsync();
        ahead.Of("forewarn_breach_probability").Select(sample => (sample["series"], sample["within"], sample.Value)).ShouldBe([(disk.Id, "5m", 0.01), (disk.Id, "15m", 0.4), (disk.Id, "1h", 0.8)]);
        ahead.One("forewarn_breach_limit").Value.ShouldBe(2e12);
        ahead.One("forewarn_breach_median_seconds").Value.ShouldBe(1_200);
        ahead.One("forewarn_breach_earliest_seconds").Value.ShouldBe(600);
        ahead.One("forewarn_breach_latest_seconds").Value.ShouldBe(2_400);

        await _fleet.TellAsync(_fleet.Verdict("db-1", Fleet.Host, outlook: Fleet.Band(Fleet.Host, 0, 1)));
        var averted = await _fleet.ScrapeAsync();
        Breach.SelectMany(averted.Of).ShouldBeEmpty();
        averted.Of("forewarn_metric_expected_high").Count().ShouldBe(2);
    }

    [Fact]
    public async Task What_was_not_measured_is_absent_and_never_zero()
    {
        await _fleet.TellAsync(_fleet.Verdict(
            "web-1", Fleet.Host, tick => tick with { Values = [float.NaN, 5], Z = [float.NaN, float.PositiveInfinity] }, new Outlook { Lower = [float.NaN, 1], Upper = [float.NegativeInfinity, 9] }));

        var scrape = await _fleet.ScrapeAsync();

        scrape.One("forewarn_metric_value").Value.ShouldBe(5);
        scrape.Of("forewarn_metric_z_score").ShouldBeEmpty();
        scrape.One("forewarn_metric_expected_low").Value.ShouldBe(1);
        scrape.One("forewarn_metric_expected_high").Value.ShouldBe(9);
        scrape.Samples.ShouldAllBe(sample => double.IsFinite(sample.Value));
    }

    [Fact]
    public async Task A_band_of_other_columns_is_not_shown_with_these()
    {
        var less = SeriesSchema.Of([Fleet.Host.Columns[1]]);
        await _fleet.TellAsync(_fleet.Verdict("web-1", Fleet.Host, outlook: Fleet.Band(Fleet.Host, 1, 2, Fleet.Breach(Fleet.Host.Columns[0]))));

        await _fleet.TellAsync(_fleet.Verdict("web-1", less));

        var scrape = await _fleet.ScrapeAsync();
        scrape.One("forewarn_metric_value")["metric"].ShouldBe("system.filesystem.usage");
        scrape.Of("forewarn_metric_expected_low").ShouldBeEmpty();
        Breach.SelectMany(scrape.Of).ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_are_told_by_the_finest_cadence_and_by_the_next_when_that_ends()
    {
        await _fleet.TellAsync(
            _fleet.Verdict("web-1", Fleet.Host, tick => tick with { Values = [1, 1] }),
            _fleet.Verdict("web-1", Fleet.Host, tick => tick with { Values = [60, 60] }, cadenceMs: 60_000));
        (await _fleet.ScrapeAsync()).Of("forewarn_metric_value").Select(sample => sample.Value).ShouldBe([1, 1]);

        _app.Time.Advance(TimeSpan.FromSeconds(100));

        var later = await _fleet.ScrapeAsync();
        later.Of("forewarn_metric_value").Select(sample => sample.Value).ShouldBe([60, 60]);
        later.One("forewarn_entity_score")["cadence"].ShouldBe("1m");
    }

    [Fact]
    public async Task An_entity_without_ticks_leaves_and_comes_back()
    {
        await _fleet.TellAsync(_fleet.Verdict("web-1", Fleet.Host), _fleet.Verdict("web-2", Fleet.Host));
        _app.Time.Advance(TimeSpan.FromSeconds(59));
        await _fleet.TellAsync(_fleet.Verdict("web-2", Fleet.Host));
        (await EntitiesAsync()).ShouldBe(["web-1", "web-2"]);

        _app.Time.Advance(TimeSpan.FromSeconds(2));
        (await EntitiesAsync()).ShouldBe(["web-2"]);
        (await _fleet.ScrapeAsync()).Samples.ShouldAllBe(sample => !sample.Labels.ContainsKey("entity") || sample["entity"] == "web-2");

        await _fleet.TellAsync(_fleet.Verdict("web-1", Fleet.Host));
        (await EntitiesAsync()).ShouldBe(["web-1", "web-2"]);
    }

    [Fact]
    public async Task One_that_ticks_every_five_minutes_is_waited_for_and_an_outage_is_not_taken_for_its_interval()
    {
        for (var i = 0; i < 3; i++)
        {
            await _fleet.TellAsync(_fleet.Verdict("slow", Fleet.Host, cadenceMs: 60_000));
            _app.Time.Advance(TimeSpan.FromMinutes(5));
        }
        _app.Time.Advance(TimeSpan.FromMinutes(9));
        (await EntitiesAsync()).ShouldBe(["slow"]);
        _app.Time.Advance(TimeSpan.FromMinutes(2));
        (await EntitiesAsync()).ShouldBeEmpty();

        // Back after hours: its interval is five minutes still.
        _app.Time.Advance(TimeSpan.FromHours(5));
        await _fleet.TellAsync(_fleet.Verdict("slow", Fleet.Host, cadenceMs: 60_000));
        _app.Time.Advance(TimeSpan.FromMinutes(14));
        (await EntitiesAsync()).ShouldBe(["slow"]);
        _app.Time.Advance(TimeSpan.FromMinutes(2));
        (await EntitiesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Unresolved_incidents_are_counted_and_each_can_be_alerted_on()
    {
        var critical = Samples.Incident("i-1", 1) with
        {
            Entity = "db-1",
            Kind = DetectionKind.PredictedBreach,
            Severity = IncidentSeverity.Critical,
            OpenedAt = 1_773_144_000_500,
            MutedBy = "silence-1",
        };
        await _fleet.TellAsync(critical, Samples.Incident("i-2", 1, IncidentStatus.Acknowledged), Samples.Incident("i-3", 1));
        await _fleet.TellAsync(Samples.Incident("i-3", 2, IncidentStatus.Resolved));

        var scrape = await _fleet.ScrapeAsync();

        scrape.Of("forewarn_incidents").Count().ShouldBe(6);
        scrape.Of("forewarn_incidents").Where(sample => sample.Value > 0).Select(sample => (sample["severity"], sample["status"], sample.Value))
            .ShouldBe([("warning", "acknowledged", 1.0), ("critical", "open", 1.0)]);
        scrape.Of("forewarn_incident_info").Select(sample => sample["incident"]).ShouldBe(["i-1", "i-2"]);
        var first = scrape.Of("forewarn_incident_info").First();
        first.Value.ShouldBe(1);
        first.Labels.ShouldBe(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["incident"] = "i-1",
                ["entity"] = "db-1",
                ["kind"] = "predicted-breach",
                ["severity"] = "critical",
                ["status"] = "open",
                ["muted"] = "true",
            },
            ignoreOrder: true);
        scrape.Of("forewarn_incident_opened_timestamp_seconds").First().Value.ShouldBe(1_773_144_000.5);
    }

    [Fact]
    public async Task An_incident_whose_broadcast_was_lost_is_there_once_history_was_asked()
    {
        _app.Sidecar.Answer("history", "v1/incidents", JsonSerializer.Serialize(
            new Page<IncidentEvent>([Samples.Incident("i-1", 1) with { Severity = IncidentSeverity.Critical }], null), ContractJson.Default.PageIncidentEvent));

        await Eventually.Async("the incident to be told", TimeSpan.FromSeconds(60), async () =>
        {
            _app.Time.Advance(TimeSpan.FromSeconds(30));
            return (await _fleet.ScrapeAsync()).Of("forewarn_incident_info").Any();
        });

        (await _fleet.ScrapeAsync()).One("forewarn_incident_info")["severity"].ShouldBe("critical");
    }

    [Fact]
    public async Task A_series_that_is_sent_twice_is_told_once()
    {
        var twice = SeriesSchema.Of([Fleet.Host.Columns[0], Fleet.Host.Columns[1], Fleet.Host.Columns[0]]);
        await _fleet.TellAsync(_fleet.Verdict("web-1", twice));

        var scrape = await _fleet.ScrapeAsync();

        scrape.Of("forewarn_metric_value").Select(sample => sample.Value).ShouldBe([0, 1]);
        scrape.Of("forewarn_exposition_left_out_series").ShouldAllBe(sample => sample.Value == 0);
    }

    [Fact]
    public async Task The_champion_is_named_once_it_is_known()
    {
        (await _fleet.ScrapeAsync()).Of("forewarn_model_champion_info").ShouldBeEmpty();
        var model = Samples.Champion("0123456789abcdef");
        await _app.DeliverAsync(Topics.Models, ContractJson.Default.ModelEvent, new ModelEvent { Model = model });

        (await _fleet.ScrapeAsync()).One("forewarn_model_champion_info")["model"].ShouldBe("0123456789abcdef");
    }

    [Fact]
    public async Task Metrics_whose_columns_cannot_be_read_are_left_out_and_counted_until_they_can()
    {
        var verdict = _fleet.Verdict("web-1", Fleet.Host);
        _app.Schemas.Clear();
        await _fleet.TellAsync(verdict);

        var without = await _fleet.ScrapeAsync();
        without.One("forewarn_entity_score").Value.ShouldBe(0.25);
        without.Of("forewarn_metric_value").ShouldBeEmpty();
        without.Of("forewarn_exposition_left_out_series").Single(sample => sample["reason"] == "unreadable").Value.ShouldBe(4);

        _app.Schemas[Fleet.Host.Hash] = Fleet.Host;
        var with = await _fleet.ScrapeAsync();
        with.Of("forewarn_metric_value").Count().ShouldBe(2);
        with.Of("forewarn_exposition_left_out_series").ShouldAllBe(sample => sample.Value == 0);
    }

    [Theory]
    [InlineData("", "a-1 b-1", 4)]
    [InlineData("?entity=a-*", "a-1", 2)]
    [InlineData("?entity=a-1&entity=b-*", "a-1 b-1", 4)]
    [InlineData("?entity=c", "", 0)]
    [InlineData("?metric=system.cpu.*", "a-1 b-1", 2)]
    [InlineData("?level=entity", "a-1 b-1", 0)]
    [InlineData("?level=metric&entity=b-1", "b-1", 2)]
    public async Task Parameters_narrow_it(string query, string entities, int values)
    {
        await _fleet.TellAsync(_fleet.Verdict("a-1", Fleet.Host), _fleet.Verdict("b-1", Fleet.Host));
        await _fleet.TellAsync(Samples.Incident("i-a", 1) with { Entity = "a-1" }, Samples.Incident("i-b", 1) with { Entity = "b-1" });

        var scrape = await _fleet.ScrapeAsync(query);

        var expected = entities.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        scrape.Of("forewarn_entity_score").Select(sample => sample["entity"]).ShouldBe(expected);
        scrape.Of("forewarn_metric_value").Count().ShouldBe(values);
        scrape.Of("forewarn_incident_info").Select(sample => sample["entity"]).Order(StringComparer.Ordinal).ShouldBe(expected);
        scrape.Of("forewarn_incidents").Sum(sample => sample.Value).ShouldBe(expected.Length);
    }

    async Task<IReadOnlyList<string>> EntitiesAsync() =>
        [.. (await _fleet.ScrapeAsync()).Of("forewarn_entity_score").Select(sample => sample["entity"])];
}
