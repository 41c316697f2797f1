using System.CommandLine;
using Forewarn.Launcher.Commands.Alerts;

namespace Forewarn.Launcher.Tests.Alerts;

public sealed class RoutingCommandTests : IDisposable
{
    readonly AlertTerminal _terminal = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task Routes_are_shown_with_what_is_wrong_with_their_file()
    {
        _terminal.Gateway.Answer("GET /api/alerts/config", 200, """
            {"file":"/etc/alerting.yaml","loadedAt":1767225600000,"mistakes":["alerting.yaml, line 4: x is unknown"],"warnings":["receiver 'mail' cannot be reached"],
             "receivers":[{"name":"ops","channels":["console","slack"]}],
             "routes":[{"name":"web","match":{"entity":"web-*","kind":["spike"]},"hours":"Mon-Fri 09:00-17:00 UTC","receivers":["ops"],"continue":true,
               "escalation":[{"afterSeconds":600,"receivers":["boss","lead"]}],"limit":"10 per 1h"}]}
            """);

        await RoutingCommands.RoutesAsync(_terminal.Desk, Token);

        _terminal.Lines[0].ShouldBe("  from /etc/alerting.yaml, since 2026-01-01 00:00Z");
        _terminal.Row("web-*").ShouldBe(["web, continues", "web-* spike", "Mon-Fri 09:00-17:00 UTC", "ops", "after 10 min boss, lead", "10 per 1h"]);
        _terminal.Lines.ShouldContain("  ops: console, slack");
        _terminal.Lines.ShouldContain("! receiver 'mail' cannot be reached");
        _terminal.Lines[^1].ShouldBe("  alerting.yaml, line 4: x is unknown");
    }

    [Fact]
    public async Task A_test_says_by_channel_what_became_of_it()
    {
        const string notifications = """
            "incident":"test-1","notifications":[{"receiver":"ops","notification":"n-1","channels":["email","slack","console"]}]
            """;
        _terminal.Gateway.Answer("POST /api/alerts/test?route=ops%26b", 202, $"{{{notifications}}}");
        _terminal.Gateway.Answer("GET /api/alerts/tests/test-1", 200, $$"""
            {{{notifications}},"deliveries":[{"receiver":"ops","channel":"email","status":"sent"},{"receiver":"ops","channel":"slack","status":"retrying","error":"invalid_auth"}]}
            """);
        _terminal.Gateway.Answer("POST /api/alerts/test?receiver=boss", 404, """{"detail":"There is no receiver 'boss'. There are: ops."}""");

        (await TestAsync("ops&b", null)).ShouldBe(ExitCodes.Failed);

        _terminal.Lines.ShouldBe(["✓ ops by email: taken; look for n-1.", "✗ ops by slack: retrying: invalid_auth", "! ops by console: it has not left yet; look for n-1."]);
        (await Should.ThrowAsync<LauncherException>(() => TestAsync(null, "boss"))).Message.ShouldContain("There are: ops.");
        (await Should.ThrowAsync<LauncherException>(() => TestAsync(null, null))).ExitCode.ShouldBe(ExitCodes.Usage);
        (await Should.ThrowAsync<LauncherException>(() => TestAsync("a", "b"))).ExitCode.ShouldBe(ExitCodes.Usage);
    }

    Task<int> TestAsync(string? route, string? receiver) => RoutingCommands.TestAsync(_terminal.Desk, route, receiver, TimeSpan.Zero, Token);

    [Fact]
    public async Task A_dry_run_sends_a_draft_and_shows_what_it_would_have_done()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "routes: []", Token);
            _terminal.Gateway.Answer("POST /api/alerts/dry-run", 200, """
                {"summary":"would have sent 3: 2 to ops, 1 to boss","incidents":9,"told":2,"muted":1,"heldBack":4,"unrouted":2,
                 "routes":[{"name":"web","matched":6,"heldBack":4}],"receivers":[{"name":"ops","notifications":2,"escalations":0},{"name":"boss","notifications":0,"escalations":1}]}
                """);

            await RoutingCommands.DryRunAsync(_terminal.Desk, file, 2, Token);

            _terminal.Gateway.Bodies.Single().ShouldBe("""{"from":1767052800000,"to":1767225600000,"config":"routes: []"}""");
            _terminal.Lines[0].ShouldBe("  would have sent 3: 2 to ops, 1 to boss");
            _terminal.Lines[1].ShouldBe("  of 9 incidents in 2 days 2 told, 1 muted, 4 held back by limits, 2 without a route");
            _terminal.Row(" web ").ShouldBe(["web", "6", "4"]);
            _terminal.Row(" boss ").ShouldBe(["boss", "0", "1"]);
        }
        finally
        {
            File.Delete(file);
        }
        (await Should.ThrowAsync<LauncherException>(() => RoutingCommands.DryRunAsync(_terminal.Desk, file, 2, Token))).Message.ShouldStartWith($"{file} cannot be read: ");
    }

    [Fact]
    public async Task Budgets_are_shown_with_their_use()
    {
        _terminal.Gateway.Answer("GET /api/budgets", 200, """
            {"items":[{"name":"payments","perWeek":2,"match":{"labels":{"team":"payments"}},"entities":8,"perEntity":0.25,"told":3,"falseAlarms":1,"useful":2}]}
            """);

        await RoutingCommands.BudgetsAsync(_terminal.Desk, Token);
        _terminal.Row("payments").ShouldBe(["payments", "team=payments", "2", "8", "0.25", "3", "1", "2"]);

        _terminal.Gateway.Answer("GET /api/budgets", 200, """{"items":[]}""");
        await RoutingCommands.BudgetsAsync(_terminal.Desk, Token);
        _terminal.Lines[^1].ShouldStartWith("There are no budgets");
    }

    [Fact]
    public async Task Lead_times_are_summed_up()
    {
        _terminal.Gateway.Answer("GET /api/lead-times/summary?from=1766620800000&to=1767225600000", 200, """
            {"pending":1,"confirmed":4,"averted":2,"expired":3,"precision":0.667,"secondsEarned":4321.4,"medianLeadSeconds":900,"withinInterval":0.75,
             "calibration":[{"low":0.8,"high":0.9,"count":5,"said":0.84,"happened":0.8},{"low":0.9,"high":1,"count":0,"said":0,"happened":0}]}
            """);

        await RoutingCommands.LeadTimeAsync(_terminal.Desk, 7, Token);

        _terminal.Lines[0].ShouldBe("  predictions     4 came true, 2 averted, 3 wrong, 1 still ahead");
        _terminal.Lines[1].ShouldBe("  precision       67 %");
        _terminal.Lines[2].ShouldBe("  seconds earned  4,321, 900 in the median");
        _terminal.Row("80 % to 90 %").ShouldBe(["80 % to 90 %", "5", "84 %", "80 %"]);
        _terminal.Lines.ShouldNotContain(line => line.Contains("90 % to 100 %", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("list --all --json")]
    [InlineData("show aa")]
    [InlineData("ack aa --who ann --text why")]
    [InlineData("assign aa")]
    [InlineData("assign aa bob")]
    [InlineData("comment aa text")]
    [InlineData("resolve aa")]
    [InlineData("silence --entity web-* --for 2h --reason r --label a=b --label c=d --severity info --kind spike")]
    [InlineData("maintenance --for 2h --reason r --from 2026-01-01T00:00Z")]
    [InlineData("silences --all")]
    [InlineData("unsilence s1")]
    [InlineData("preview --entity web-*")]
    [InlineData("routes")]
    [InlineData("test --route ops")]
    [InlineData("dry-run --config f --days 30")]
    [InlineData("budgets")]
    [InlineData("lead-time --days 1")]
    public void Every_verb_is_understood(string line) => AlertsCommand.Create().Parse(line.Split(' ')).Errors.ShouldBeEmpty();

    [Theory]
    [InlineData("silence --for 2h")]
    [InlineData("dry-run --days 0")]
    [InlineData("comment aa")]
    public void What_lacks_something_is_refused(string line) => AlertsCommand.Create().Parse(line.Split(' ')).Errors.ShouldNotBeEmpty();
}
