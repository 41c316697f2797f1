using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Forewarn.Alerting.Budgets;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using Forewarn.Testing;
using static Forewarn.Alerting.Tests.RoutingRig;

namespace Forewarn.Alerting.Tests.Routing;

/// <summary>Routes, limits, tests, dry runs and budgets in the whole service on the embedded sidecar.</summary>
public sealed class RoutingServiceTests : IAsyncLifetime
{
    const string Config = """
        receivers:
          - { name: ops, console: true }
          - { name: mail, email: { binding: email, from: f@example.com, to: t@example.com } }
        routes:
          - { name: web, match: { entity: "web-*" }, receivers: [ops], limit: 2 per 1h }
          - { name: rest, receivers: [ops, mail] }
        budgets:
          - { name: web, perWeek: 4, match: { entity: "web-*" } }
          - { name: rest, perWeek: 1 }
        """;

    RoutingRig _rig = null!;

    static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync() => _rig = await StartAsync(Config, rig =>
    {
        foreach (var name in new[] { "db-1", "web-1", "web-2", "web-3" })
            rig.Entities.Add(name);
    });

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_limited_route_holds_back_across_replicas_and_answers_the_same_when_asked_again()
    {
        var here = _rig.Alerting.Service<IncidentRouting>();
        var there = (await _rig.AddAlertingAsync()).Service<IncidentRouting>();

        (await here.PlanAsync(Web(1), TestContext.Current.CancellationToken)).Receivers.ShouldBe(["ops"]);
        (await there.PlanAsync(Web(2), TestContext.Current.CancellationToken)).Receivers.ShouldBe(["ops"]);
        var held = await here.PlanAsync(Web(3), TestContext.Current.CancellationToken);

        (held.Receivers.Count, held.Routes[0], held.HeldBack[0]).ShouldBe((0, "web", "web"));
        (await there.PlanAsync(Web(3), TestContext.Current.CancellationToken)).HeldBack.ShouldBe(["web"]);
        (await there.PlanAsync(Web(1), TestContext.Current.CancellationToken)).Receivers.ShouldBe(["ops"]);
        (await there.PlanAsync(RoutingSamples.Incident("db-1"), TestContext.Current.CancellationToken)).Receivers.ShouldBe(["ops", "mail"]);
    }

    [Fact]
    public async Task What_was_held_back_is_told_of_once_when_there_is_room_again()
    {
        var routing = _rig.Alerting.Service<IncidentRouting>();
        foreach (var i in Enumerable.Range(1, 5))
            await routing.PlanAsync(Web(i), TestContext.Current.CancellationToken);
        _rig.Outbox.ShouldBeEmpty();

        // A higher limit leaves room at once; the reminder, due in an hour by the old one, is brought forward as the sidecar would fire it.
        await File.WriteAllTextAsync(_rig.ConfigFile, Config.Replace("2 per 1h", "100 per 1m", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await Eventually.Async("the limit to change", Limit, () => Task.FromResult(_rig.Alerting.Service<AlertConfigSource>().Current.Config.Routes[0].Limit!.Count == 100));
        for (var i = 0; i < 2; i++)
        {
            using var fired = await _rig.Alerting.Http.PutAsync(
                "/actors/RouteLimiter/web/method/remind/summary", JsonContent.Create(new { dueTime = "0h0m0s0ms", period = "0h1m0s0ms", data = "" }), TestContext.Current.CancellationToken);
            fired.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var notice = _rig.Outbox.ShouldHaveSingleItem();
        notice.Receiver.ShouldBe("ops");
        notice.Incident.Summary.ShouldStartWith("3 more incidents were held back by the limit of route web (100 per 1m): web-3: cpu is busy");
    }

    [Fact]
    public async Task A_test_reaches_every_receiver_of_a_route_and_says_that_it_is_one()
    {
        using var answer = await _rig.Alerting.Http.PostAsync("/v1/alerts/test?route=rest", content: null, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var test = (await answer.Content.ReadFromJsonAsync(ContractJson.Default.AlertTest, TestContext.Current.CancellationToken))!;

        test.Notifications.Select(sent => (sent.Receiver, string.Join(',', sent.Channels))).ShouldBe([("ops", "console"), ("mail", "email")]);
        _rig.Outbox.Select(sent => sent.Id).ShouldBe(test.Notifications.Select(sent => sent.Notification));
        _rig.Outbox.ShouldAllBe(sent => sent.Incident.Entity == "forewarn/test" && sent.Incident.Summary == "This is a test of route rest. Nothing has happened." && sent.Incident.Id == test.Incident);

        using var again = await _rig.Alerting.Http.PostAsync("/v1/alerts/test?receiver=mail", content: null, TestContext.Current.CancellationToken);
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        _rig.Outbox.Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_became_of_a_test_is_kept_by_receiver_and_channel()
    {
        using var answer = await _rig.Alerting.Http.PostAsync("/v1/alerts/test?route=rest", content: null, TestContext.Current.CancellationToken);
        var id = (await answer.Content.ReadFromJsonAsync(ContractJson.Default.AlertTest, TestContext.Current.CancellationToken))!.Incident;
        answer.Headers.Location!.ToString().ShouldBe($"/v1/alerts/tests/{id}");
        var reports = _rig.Alerting.Service<TestReports>();
        TestReports.IsTest(id).ShouldBeTrue();

        await Task.WhenAll(Report("ops", "console", DeliveryStatus.Sent), Report("mail", "email", DeliveryStatus.Retrying));
        await Report("mail", "email", DeliveryStatus.Sent);
        await reports.ReportAsync("test-unknown", Delivery("ops", "console", DeliveryStatus.Sent), TestContext.Current.CancellationToken);

        var test = await _rig.GetAsync($"/v1/alerts/tests/{id}", ContractJson.Default.AlertTest);
        test.Deliveries.Select(delivery => (delivery.Receiver, delivery.Status)).ShouldBe([("ops", DeliveryStatus.Sent), ("mail", DeliveryStatus.Sent)], ignoreOrder: true);
        using var unknown = await _rig.Alerting.Http.GetAsync("/v1/alerts/tests/test-unknown", TestContext.Current.CancellationToken);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        Task Report(string receiver, string channel, DeliveryStatus status) => reports.ReportAsync(id, Delivery(receiver, channel, status), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("", 400, "Name a route or a receiver")]
    [InlineData("?route=web&receiver=ops", 400, "Name a route or a receiver")]
    [InlineData("?route=night", 404, "There is no route 'night'. There are: web, rest.")]
    [InlineData("?receiver=boss", 404, "There is no receiver 'boss'. There are: ops, mail.")]
    public async Task A_test_of_what_is_not_there_says_what_is(string query, int status, string reason)
    {
        using var refused = await _rig.Alerting.Http.PostAsync($"/v1/alerts/test{query}", content: null, TestContext.Current.CancellationToken);

        ((int)refused.StatusCode).ShouldBe(status);
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Texts(problem.RootElement).ShouldContain(text => text.Contains(reason, StringComparison.Ordinal));
        _rig.Outbox.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dry_run_tells_the_past_by_the_present_or_by_a_draft()
    {
        foreach (var i in Enumerable.Range(1, 5))
            _rig.Incidents.Add(Web(i) with { OpenedAt = Now - (i * 60_000) });

        var now = await DryRunAsync(new DryRunRequest());
        now.Summary.ShouldBe("would have sent 2: 2 to ops");
        (now.Incidents, now.HeldBack).ShouldBe((5, 3));
        (await DryRunAsync(new DryRunRequest { Config = Config.Replace(", limit: 2 per 1h", "", StringComparison.Ordinal) })).Summary.ShouldBe("would have sent 5: 5 to ops");
        (await DryRunAsync(new DryRunRequest { From = Now - 150_000 })).Incidents.ShouldBe(2);
        _rig.Outbox.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_draft_with_mistakes_gets_them_all_and_a_time_that_is_none_too()
    {
        using var draft = await _rig.PostAsync("/v1/alerts/dry-run", new DryRunRequest { Config = "routes: []\nx: 1" }, ContractJson.Default.DryRunRequest);
        draft.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var problem = JsonDocument.Parse(await draft.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        problem.RootElement.GetProperty("errors").GetProperty("config").GetArrayLength().ShouldBe(3);
        problem.RootElement.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("config, line 2: x is unknown");

        using var backwards = await _rig.PostAsync("/v1/alerts/dry-run", new DryRunRequest { From = 5, To = 5 }, ContractJson.Default.DryRunRequest);
        backwards.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_configuration_shows_with_its_mistakes_and_missing_bindings()
    {
        await _rig.Alerting.Service<BindingWatch>().CheckAsync(TestContext.Current.CancellationToken);
        var info = await _rig.GetAsync("/v1/config", ContractJson.Default.AlertConfigInfo);

        info.File.ShouldBe(_rig.ConfigFile);
        info.Receivers.Select(receiver => (receiver.Name, string.Join(',', receiver.Channels))).ShouldBe([("ops", "console"), ("mail", "email")]);
        info.Routes[0].Limit.ShouldBe("2 per 1h");
        info.Warnings.ShouldHaveSingleItem().ShouldStartWith("receiver 'mail' sends by email through 'email', which the sidecar does not have.");
        info.Mistakes.ShouldBeEmpty();

        await File.WriteAllTextAsync(_rig.ConfigFile, "receivers: []", TestContext.Current.CancellationToken);
        await Eventually.Async("the mistakes to show", Limit, async () => (await _rig.GetAsync("/v1/config", ContractJson.Default.AlertConfigInfo)).Mistakes.Count == 2);
        var health = await _rig.Alerting.Http.GetStringAsync("/healthz/live", TestContext.Current.CancellationToken);
        health.ShouldBe("Healthy");
        using var ready = await _rig.Alerting.Http.GetAsync("/healthz/ready", TestContext.Current.CancellationToken);
        (await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("what was read before holds");
    }

    [Fact]
    public async Task Budgets_are_shared_told_to_predictors_and_accounted_for()
    {
        await Eventually.Async("shares to be told", Limit, () => Task.FromResult(_rig.Announced.Any(control => control.Budgets is { Shares.Count: 2 })));
        var told = _rig.Announced.Last(control => control.Budgets is not null).Budgets!;
        told.Shares.Select(share => (string.Join(',', share.Entities), share.PerEntity)).ShouldBe([("web-1,web-2,web-3", 4 / 3.0), ("", 1)]);
        (await _rig.GetAsync("/v1/budgets/shares", ContractJson.Default.BudgetShares)).Shares.Count.ShouldBe(2);

        foreach (var i in Enumerable.Range(1, 3))
            _rig.Incidents.Add(Web(i) with { OpenedAt = Now - 1000, Stamps = new Stamps { Notified = Now } });
        _rig.Feedback.Add(new FeedbackEvent { Id = "f", Kind = FeedbackKind.FalseAlarm, Entity = "web-1", Incident = Web(1).Id, From = 0, At = Now });
        var used = (await _rig.GetAsync("/v1/budgets", ContractJson.Default.PageBudgetInfo)).Items;
        used.Select(budget => (budget.Name, budget.Entities, budget.Told, budget.FalseAlarms)).ShouldBe([("web", 3, 3, 1), ("rest", 1, 0, 0)]);

        await File.WriteAllTextAsync(_rig.ConfigFile, Config[..Config.IndexOf("budgets", StringComparison.Ordinal)], TestContext.Current.CancellationToken);
        await Eventually.Async("the shares to be taken back", Limit, () => Task.FromResult(_rig.Announced.Last(control => control.Budgets is not null).Budgets!.Shares.Count == 0));
        _rig.Alerting.Service<BudgetKeeper>().Shares!.Shares.ShouldBeEmpty();
        (await _rig.GetAsync("/v1/budgets", ContractJson.Default.PageBudgetInfo)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Shares_are_not_made_up_before_entities_were_counted()
    {
        await using var rig = await StartAsync(Config, starting => starting.HistoryIsAway = true);

        using var early = await rig.Alerting.Http.GetAsync("/v1/budgets/shares", TestContext.Current.CancellationToken);
        early.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        rig.Entities.Add("web-1");
        rig.HistoryIsAway = false;
        await Eventually.Async("the entities to be counted", Limit, async () =>
            (await rig.Alerting.Http.GetAsync("/v1/budgets/shares", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        (await rig.GetAsync("/v1/budgets/shares", ContractJson.Default.BudgetShares)).Shares[0].PerEntity.ShouldBe(4);
    }

    [Fact]
    public async Task A_limit_that_cannot_be_asked_holds_nothing_back()
    {
        await using var rig = await StartAsync(Config, hasActors: false);
        var routing = rig.Alerting.Service<IncidentRouting>();

        foreach (var i in Enumerable.Range(1, 4))
            (await routing.PlanAsync(Web(i), TestContext.Current.CancellationToken)).Receivers.ShouldBe(["ops"]);
    }

    static IncidentEvent Web(int i) => RoutingSamples.Incident($"web-{i}", openedAt: Now);

    static DeliveryState Delivery(string receiver, string channel, DeliveryStatus status) =>
        new() { Receiver = receiver, Channel = channel, Notification = "n", Status = status, Attempts = 1, At = Now };

    static IEnumerable<string> Texts(JsonElement problem) => problem.TryGetProperty("errors", out var errors)
        ? errors.EnumerateObject().SelectMany(error => error.Value.EnumerateArray().Select(text => text.GetString()!))
        : [problem.GetProperty("detail").GetString()!];

    async Task<DryRunResult> DryRunAsync(DryRunRequest request)
    {
        using var answer = await _rig.PostAsync("/v1/alerts/dry-run", request, ContractJson.Default.DryRunRequest);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync(ContractJson.Default.DryRunResult, TestContext.Current.CancellationToken))!;
    }
}
