using System.Text.Json;
using CsCheck;
using Forewarn.Contracts;
using Forewarn.Gateway.Status;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Gateway.Tests;

public sealed class StatusTests : IAsyncLifetime
{
    GatewayApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await GatewayApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task It_says_how_each_service_is_and_why_not()
    {
        _app.Sidecar.Answer("history", "healthz/ready", """{"status":"healthy","checks":{},"notes":{"storage":"PostgreSQL 17.10, native partitions"}}""");
        _app.Sidecar.Answer("predictor", "healthz/ready", """{"status":"unhealthy","checks":{"a":"healthy","model":"no model yet"}}""", 503);

        var status = await ReadAsync();

        status.Services.Select(service => service.Name).Order().ShouldBe(
            ["alerting", "gateway", "history", "ingestion", "predictor", "stream-processor", "trainer"]);
        status.Services.Single(service => service.Name == "history").ShouldBe(new ServiceStatus("history", "healthy"));
        status.Services.Single(service => service.Name == "predictor").ShouldBe(new ServiceStatus("predictor", "degraded", "model: no model yet"));
        status.Services.Single(service => service.Name == "trainer").Health.ShouldBe("down");
        status.Storage.ShouldBe("PostgreSQL 17.10, native partitions");
        status.Services.Single(service => service.Name == "gateway").Health.ShouldBe("healthy");
    }

    [Fact]
    public async Task Where_history_stores_is_unknown_while_it_does_not_say()
    {
        (await ReadAsync()).Storage.ShouldBeNull();

        _app.Time.Advance(TimeSpan.FromSeconds(2));
        _app.Sidecar.Answer("history", "healthz/ready", """{"status":"healthy","checks":{}}""");
        (await ReadAsync()).Storage.ShouldBeNull();
    }

    [Fact]
    public async Task Services_are_asked_at_most_every_two_seconds()
    {
        await ReadAsync();
        await ReadAsync();
        Asked().ShouldBe(1);

        _app.Time.Advance(TimeSpan.FromSeconds(2));
        await ReadAsync();
        Asked().ShouldBe(2);

        int Asked() => _app.Sidecar.Calls.Count(call => call.App == "history" && call.Path == "healthz/ready");
    }

    [Fact]
    public async Task Figures_come_from_the_verdicts_that_pass_by()
    {
        for (var i = 0; i < 10; i++)
        {
            await _app.DeliverAsync(Topics.Predictions, ContractJson.Default.PredictionBatch,
                Samples.Verdict("a", "s", _app.Now, [1, 2, float.NaN], received: _app.Now - 40),
                Samples.Verdict("b", "s", _app.Now, [1], received: _app.Now - 60),
                // Made of the same samples: not counted again.
                Samples.Verdict("a", "s", _app.Now, [1, 2, 3], received: _app.Now - 9_000, cadenceMs: 60_000));
            _app.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var status = await ReadAsync();
        status.SamplesPerSecond.ShouldBe(3);
        status.Entities.ShouldBe(2);
        status.Model.ShouldBe("abcdef");
        status.LoopLatencyMs.ShouldBe(new LatencyMs(40, 60, 20));

        _app.Time.Advance(TimeSpan.FromSeconds(70));
        var later = await ReadAsync();
        later.Entities.ShouldBe(0);
        later.SamplesPerSecond.ShouldBe(0);
    }

    [Fact]
    public async Task Before_the_first_verdict_the_champion_for_every_entity_is_named_and_none_of_a_group()
    {
        await _app.DeliverAsync(Topics.Models, ContractJson.Default.ModelEvent, Champion("aaaa", "any"), Champion("bbbb", "0f1e2d3c4b5a6978"));

        (await ReadAsync()).Model.ShouldBe("aaaa");

        static ModelEvent Champion(string version, string group) => new()
        {
            Model = new ModelInfo
            {
                Version = version,
                State = ModelState.Champion,
                Kind = "joint",
                Group = group,
                FeatureSpec = "f2",
                RowSpec = "j2",
                Sha256 = "",
                SizeBytes = 1,
                CreatedAt = 0,
                TrainedOn = "history",
                Rows = 1,
            },
        };
    }

    [Fact]
    public async Task Ticks_that_became_so_slow_that_they_are_minutes_are_counted_on()
    {
        await _app.DeliverAsync(Topics.Predictions, ContractJson.Default.PredictionBatch, Samples.Verdict("a", "s", _app.Now, [1], received: _app.Now - 40));
        _app.Time.Advance(TimeSpan.FromMinutes(5));
        await _app.DeliverAsync(
            Topics.Predictions, ContractJson.Default.PredictionBatch,
            Samples.Verdict("a", "s", _app.Now, [1, 2], received: _app.Now - 60, cadenceMs: 60_000),
            Samples.Verdict("a", "s", _app.Now - 60_000, [1, 2, 3, 4], received: _app.Now - 9_000, cadenceMs: 60_000));

        (await ReadAsync()).LoopLatencyMs.ShouldBe(new LatencyMs(40, 60, 2));
    }

    [Fact]
    public async Task Open_incidents_and_the_time_to_their_notification_are_counted_once()
    {
        var sent = new Stamps { Received = 100, Notified = 180 };
        await _app.DeliverAsync(Topics.Incidents, ContractJson.Default.IncidentEvent,
            Samples.Incident("a", 1), Samples.Incident("a", 2, IncidentStatus.Open, sent), Samples.Incident("a", 3, IncidentStatus.Acknowledged, sent),
            Samples.Incident("b", 1, IncidentStatus.Open, sent), Samples.Incident("b", 2, IncidentStatus.Resolved, sent));

        var status = await ReadAsync();
        status.OpenIncidents.ShouldBe(1);
        status.AlertLatencyMs.ShouldBe(new LatencyMs(80, 80, 2));
    }

    [Fact]
    public void The_truth_mends_what_a_lost_broadcast_left_wrong_but_not_what_came_since()
    {
        var book = new IncidentBook();
        book.Take(Samples.Incident("resolved-unheard", 1), out _);
        book.Take(Samples.Incident("reopened-since", 1), out _);
        var asked = book.Unresolved();
        book.Take(Samples.Incident("reopened-since", 2), out _);

        book.Correct([Samples.Incident("opened-unheard", 1)], asked);

        book.Unresolved().Keys.Order().ShouldBe(["opened-unheard", "reopened-since"]);
    }

    [Fact]
    public void Percentiles_are_those_of_the_newest_observations() =>
        Gen.Int[0, 1_000].List[1, 50].Sample(values =>
        {
            var window = new LatencyWindow(20);
            values.ForEach(value => window.Add(value));
            var newest = values.TakeLast(20).Order().ToList();
            var read = window.Read();
            return read.Count == newest.Count
                && read.P50 == newest[(int)Math.Ceiling(newest.Count * 0.5) - 1]
                && read.P99 == newest[(int)Math.Ceiling(newest.Count * 0.99) - 1];
        });

    [Fact]
    public void The_rate_is_that_of_the_last_ten_whole_seconds() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 100]).List[1, 60].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            var window = new RateWindow(time);
            var events = new List<(long Second, int Count)>();
            foreach (var (wait, count) in steps)
            {
                time.Advance(TimeSpan.FromSeconds(wait));
                window.Add(count);
                events.Add((time.GetUtcNow().ToUnixTimeSeconds(), count));
            }
            time.Advance(TimeSpan.FromSeconds(1));
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            var expected = events.Where(e => e.Second >= now - 10 && e.Second < now).Sum(e => e.Count) / (double)Math.Clamp(now - events[0].Second, 1, 10);
            window.Read().ShouldBe(expected, 1e-9);
        });

    async Task<PlatformStatus> ReadAsync()
    {
        var json = await _app.Client.GetStringAsync("/api/status", TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize(json, ContractJson.Default.PlatformStatus)!;
    }
}
