using System.Text.Json;
using System.Text.Json.Nodes;
using Forewarn.Launcher.Commands.Alerts;

namespace Forewarn.Launcher.Tests.Alerts;

public sealed class IncidentCommandTests : IDisposable
{
    const string Incidents = """
        {"items":[
          {"id":"aa11000000000000-18c","status":"open","severity":"critical","kind":"predicted-breach","entity":"db-1","entities":["db-1","web-1"],"labels":{"team":"payments","rack":"r1"},
           "summary":"the disk is full in 20 min","startedAt":1767225600000,"symptomCount":3,"mutedBy":"s1","assignee":"ann","probableCause":"db-1 moved first","flapping":true,
           "contributors":[{"name":"system.filesystem.utilization","unit":"1","value":0.9312345,"low":0.2,"high":0.6}],
           "prediction":{"name":"system.filesystem.utilization","unit":"1","limit":1,"saidAt":1767225600000,"predictedAt":1767226800000,"earliestAt":1767226200000,"latestAt":1767227400000,
             "probability":0.87,"outcome":"averted","avertedBy":"a change by bob"},
           "symptoms":[{"entity":"web-1","since":1767225660000,"summary":"latency is high","why":"same rack and metric"}],
           "deliveries":[{"receiver":"ops","channel":"slack","status":"retrying","at":1767225600000,"attempts":3,"notification":"n-1","error":"429"}],
           "timeline":[{"at":1767225600000,"what":"opened","text":"the disk is filling"},{"at":1767225720000,"what":"acknowledged","who":"ann","text":"on it"}]},
          {"id":"aa22000000000000-18d","status":"acknowledged","severity":"warning","kind":"spike","entity":"web-1","summary":"cpu is busy","startedAt":1767225600000}],
         "next":"c"}
        """;

    readonly AlertTerminal _terminal = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task Incidents_are_listed_as_a_table_open_ones_unless_all_are_wanted()
    {
        _terminal.Gateway.Answer("GET /api/incidents?limit=100&status=open,acknowledged", 200, Incidents);
        _terminal.Gateway.Answer("GET /api/incidents?limit=100", 200, """{"items":[]}""");

        (await IncidentCommands.ListAsync(_terminal.Desk, all: false, Token)).ShouldBe(ExitCodes.Success);

        _terminal.Row("aa11").ShouldBe(["aa11000000000000-18c", "critical", "open, muted", "2026-01-01 00:00Z", "db-1 (+3)", "the disk is full in 20 min", "ann"]);
        _terminal.Row("aa22").ShouldBe(["aa22000000000000-18d", "warning", "acknowledged", "2026-01-01 00:00Z", "web-1", "cpu is busy", "-"]);
        _terminal.Lines[^1].ShouldContain("older ones");
        await IncidentCommands.ListAsync(_terminal.Desk, all: true, Token);
        _terminal.Lines[^1].ShouldBe("There has been no incident.");
    }

    [Fact]
    public async Task One_is_shown_with_why_what_belongs_to_it_what_happened_and_who_was_told()
    {
        _terminal.Gateway.Answer("GET /api/incidents?limit=500", 200, Incidents);

        await IncidentCommands.ShowAsync(_terminal.Desk, "aa11", Token);

        _terminal.Lines.ShouldBe(
        [
            "  the disk is full in 20 min",
            "  id            aa11000000000000-18c",
            "  state         open, muted by s1, comes and goes",
            "  severity      critical, predicted-breach",
            "  entity        db-1, web-1",
            "  labels        team=payments, rack=r1",
            "  began         2026-01-01 00:00Z",
            "  looked after  ann",
            "  cause         db-1 moved first",
            "  evidence      system.filesystem.utilization is 0.9312 1, usual 0.2 to 0.6",
            "  prediction    system.filesystem.utilization hits 1 1 at 2026-01-01 00:20Z (2026-01-01 00:10Z to 2026-01-01 00:30Z), said 2026-01-01 00:00Z with 87 %: averted by a change by bob",
            "  symptom       web-1 since 2026-01-01 00:01Z: latency is high (same rack and metric)",
            "                and 2 more",
            "  told          ops by slack: retrying 2026-01-01 00:00Z, attempt 3 (n-1): 429",
            "  2026-01-01 00:00Z  opened        the disk is filling",
            "  2026-01-01 00:02Z  acknowledged  on it (ann)",
        ]);
    }

    [Fact]
    public async Task An_action_asks_the_gateway_with_who_and_why()
    {
        _terminal.Gateway.Answer("GET /api/incidents?limit=500", 200, Incidents);
        _terminal.Gateway.Answer("POST /api/incidents/aa22000000000000-18d/acknowledge", 200, "{}");
        _terminal.Gateway.Answer("POST /api/incidents/aa22000000000000-18d/assign", 204, "");

        await IncidentCommands.ActAsync(_terminal.Desk, "aa22", "acknowledge", "acknowledged", new JsonObject { ["who"] = "ann", ["text"] = "on it" }, Token);
        await IncidentCommands.ActAsync(_terminal.Desk, "aa22", "assign", "bob's", new JsonObject { ["assignee"] = "bob" }, Token);

        _terminal.Gateway.Bodies.ShouldContain("""{"who":"ann","text":"on it"}""");
        _terminal.Lines.ShouldBe(["✓ web-1: cpu is busy (aa22000000000000-18d) is acknowledged.", "✓ web-1: cpu is busy (aa22000000000000-18d) is bob's."]);
    }

    [Fact]
    public async Task An_old_one_is_found_by_its_whole_id_and_an_unknown_or_short_one_is_said_so()
    {
        _terminal.Gateway.Answer("GET /api/incidents?limit=500", 200, Incidents);
        _terminal.Gateway.Answer("GET /api/incidents/bb00", 200, """{"id":"bb00","summary":"long ago"}""");

        await IncidentCommands.ShowAsync(_terminal.Desk, "bb00", Token);
        _terminal.Lines[0].ShouldBe("  long ago");
        (await Should.ThrowAsync<LauncherException>(() => IncidentCommands.ShowAsync(_terminal.Desk, "cc", Token)))
            .Message.ShouldBe("There is no incident cc; `./forewarn alerts list --all` lists them.");
        (await Should.ThrowAsync<LauncherException>(() => IncidentCommands.ShowAsync(_terminal.Desk, "aa", Token)))
            .Message.ShouldBe("2 incidents begin with aa: aa11000000000000-18c, aa22000000000000-18d.");
    }

    [Fact]
    public async Task As_JSON_the_answer_is_what_the_gateway_said()
    {
        _terminal.Gateway.Answer("GET /api/incidents?limit=100", 200, Incidents);

        await IncidentCommands.ListAsync(_terminal.Desk with { AsJson = true }, all: true, Token);

        using var printed = JsonDocument.Parse(string.Join('\n', _terminal.Lines));
        printed.RootElement.GetProperty("items").GetArrayLength().ShouldBe(2);
    }
}
