using Forewarn.Launcher.Commands;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

public sealed class ModelsCommandTests : IDisposable
{
    const string Models = """
        {"items":[
          {"version":"aa11000000000000","state":"challenger","kind":"isolation-forest","group":"any","featureSpec":"f2","rowSpec":"r2","sha256":"ab","sizeBytes":123456,
           "createdAt":1767225600000,"trainedOn":"history","rows":20000,"parent":"bb22000000000000","reason":"On trial beside bb22000000000000.",
           "comparison":{"against":"bb22000000000000","since":1767225600000,"ticks":4321,"championOpenings":3,"challengerOpenings":1,"agreement":0.91234,
             "replay":{"incidents":2,"championFound":1,"challengerFound":2,"falseAlarms":1,"championRepeated":1,"challengerRepeated":0,"unread":1,
               "spans":[{"kind":"missed","entity":"web-1","from":1767225600000,"to":1767225660000,"challengerAfterSeconds":-12.4}]}}},
          {"version":"bb22000000000000","state":"champion","kind":"isolation-forest","group":"any","featureSpec":"f2","rowSpec":"r2","sha256":"cd","sizeBytes":1,
           "createdAt":1767139200000,"trainedOn":"history+generated","rows":12000,"championAt":1767142800000},
          {"version":"bb33000000000000","state":"retired","trainedOn":"generated","rows":3000,"createdAt":1767139200000,"rolledBackAt":1767142800000,
           "comparison":{"against":"bb22000000000000","since":1767139200000,"ticks":9,"replay":{"incidents":0,"falseAlarms":0,"unread":0,"spans":[]}}}]}
        """;

    readonly FakeGateway _gateway = new();
    readonly TestTerminal _terminal = new();
    readonly GatewayClient _client;

    public ModelsCommandTests() => _client = new GatewayClient(_gateway.Address);

    public void Dispose()
    {
        _client.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public async Task Models_are_listed_as_a_table()
    {
        _gateway.Answer("GET /api/models", 200, Models);

        (await ModelsCommand.ListAsync(_client, _terminal.Terminal, TestContext.Current.CancellationToken)).ShouldBe(ExitCodes.Success);

        Line("aa11").ShouldBe(["aa11000000000000", "challenger", "isolation-forest", "any", "history", "20,000", "2026-01-01 00:00Z", "-", "1 : 3 in 4,321 ticks"]);
        Line("bb22").ShouldBe(["bb22000000000000", "champion", "isolation-forest", "any", "history+generated", "12,000", "2025-12-31 00:00Z", "2025-12-31 01:00Z", "-"]);
    }

    [Fact]
    public async Task A_group_is_told_by_the_beginning_of_its_name_and_rolled_back_by_it()
    {
        const string models = """
            {"items":[{"version":"cc44000000000000","state":"champion","kind":"joint","group":"0f1e2d3c4b5a6978","entities":12,"trainedOn":"history","rows":9000,"byHandAt":1767225600000},
              {"version":"cc55000000000000","state":"retired","kind":"joint","group":"0f1e2d3c4b5a6978","entities":12,"trainedOn":"history","rows":9000},
              {"version":"cc66000000000000","state":"champion","kind":"joint","group":"0f99999999999999","entities":1,"trainedOn":"history","rows":9000}]}
            """;
        _gateway.Answer("GET /api/models", 200, models);
        _gateway.Answer("POST /api/models/rollback?group=0f1e2d3c4b5a6978", 200, """{"version":"cc55000000000000","state":"champion"}""");

        await ModelsCommand.ListAsync(_client, _terminal.Terminal, TestContext.Current.CancellationToken);
        Line("cc44").ShouldContain("0f1e2d3c, 12 entities");
        await ModelsCommand.ShowAsync(_client, _terminal.Terminal, "cc44", TestContext.Current.CancellationToken);
        await ModelsCommand.RollbackAsync(_client, _terminal.Terminal, "0f1", TestContext.Current.CancellationToken);

        _terminal.Lines.ShouldContain("  by hand         2026-01-01 00:00Z: newer models of its group do not take its place by themselves");
        _terminal.Lines.ShouldContain(line => line.Contains("cc55000000000000 is champion again", StringComparison.Ordinal));
        (await Should.ThrowAsync<LauncherException>(() => ModelsCommand.RollbackAsync(_client, _terminal.Terminal, "0f", TestContext.Current.CancellationToken)))
            .Message.ShouldContain("2 groups begin with 0f");
        (await Should.ThrowAsync<LauncherException>(() => ModelsCommand.RollbackAsync(_client, _terminal.Terminal, "9", TestContext.Current.CancellationToken)))
            .Message.ShouldContain("No model serves a group 9");
    }

    [Fact]
    public async Task A_version_is_shown_by_its_beginning()
    {
        _gateway.Answer("GET /api/models", 200, Models);

        await ModelsCommand.ShowAsync(_client, _terminal.Terminal, "aa", TestContext.Current.CancellationToken);

        _terminal.Lines.ShouldContain("  because         On trial beside bb22000000000000.");
        _terminal.Lines.ShouldContain("  compared with   bb22000000000000 since 2026-01-01 00:00Z");
        _terminal.Lines.ShouldContain("  openings        1, the champion 3");
        _terminal.Lines.ShouldContain("  agreement       0.912");
        _terminal.Lines.ShouldContain("  labelled        of 2 incidents 2 found by it, 1 by the champion");
        _terminal.Lines.ShouldContain("  false alarms    of 1 repeated 0 by it, 1 by the champion");
        _terminal.Lines.ShouldContain("    missed      web-1 2026-01-01 00:00Z: -12 s by it, not by the champion");
        _terminal.Lines.ShouldContain("    1 left out: history no longer holds them");
    }

    [Fact]
    public async Task Of_the_champion_it_is_told_how_far_measurements_have_moved()
    {
        _gateway.Answer("GET /api/models", 200, Models);
        _gateway.Answer("GET /api/models/drift", 200, """
            {"model":"bb22000000000000","summary":"The scores have moved by 0.310 (bound 0.2) on 50,000 ticks in 12 hours.","moved":true,"bound":0.2,"score":0.31,
             "features":[{"name":"level_max","psi":0.2512},{"name":"z_rms","psi":0.02}],
             "watch":{"until":1767225600000,"before":"bb33000000000000","summary":"1 alarms in 2.0 entity-hours, where 3 times the budget makes 0.1."}}
            """);

        await ModelsCommand.ShowAsync(_client, _terminal.Terminal, "bb22", TestContext.Current.CancellationToken);

        _terminal.Lines.ShouldContain("  drift           The scores have moved by 0.310 (bound 0.2) on 50,000 ticks in 12 hours.");
        _terminal.Lines.ShouldContain("                  level_max 0.251, where 0.2 counts as moved");
        _terminal.Lines.ShouldContain(line => line.StartsWith("  watched until   2026-01-01 00:00Z, bb33000000000000 comes back if it must go: 1 alarms", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_was_rolled_back_says_so_and_a_replay_of_nothing_too()
    {
        _gateway.Answer("GET /api/models", 200, Models);

        await ModelsCommand.ShowAsync(_client, _terminal.Terminal, "bb33", TestContext.Current.CancellationToken);

        _terminal.Lines.ShouldContain("  rolled back     2025-12-31 01:00Z: it becomes champion again only by hand");
        _terminal.Lines.ShouldContain("  labelled        nobody has called an incident useful, a false alarm or missed, so there was nothing to replay");
        _terminal.Lines.ShouldNotContain(line => line.StartsWith("  false alarms", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cc", "There is no model cc; `./forewarn models` lists them.")]
    [InlineData("bb", "2 models begin with bb: bb22000000000000, bb33000000000000.")]
    public async Task A_version_that_is_unknown_or_not_unique_is_said_so(string version, string message)
    {
        _gateway.Answer("GET /api/models", 200, Models);

        var failure = await Should.ThrowAsync<LauncherException>(
            () => ModelsCommand.PromoteAsync(_client, _terminal.Terminal, version, TestContext.Current.CancellationToken));

        failure.Message.ShouldBe(message);
        failure.ExitCode.ShouldBe(ExitCodes.Failed);
    }

    [Fact]
    public async Task Promoting_and_rolling_back_ask_the_gateway()
    {
        _gateway.Answer("GET /api/models", 200, Models);
        _gateway.Answer("POST /api/models/aa11000000000000/promote", 200, """{"version":"aa11000000000000"}""");
        _gateway.Answer("POST /api/models/rollback?group=any", 200, """{"version":"bb22000000000000"}""");

        await ModelsCommand.PromoteAsync(_client, _terminal.Terminal, "aa11", TestContext.Current.CancellationToken);
        await ModelsCommand.RollbackAsync(_client, _terminal.Terminal, "any", TestContext.Current.CancellationToken);

        _terminal.Lines.ShouldBe(["✓ aa11000000000000 is champion.", "✓ bb22000000000000 is champion again."]);
    }

    [Fact]
    public async Task A_preview_is_shown_by_entity_and_label_and_a_failed_one_is_not()
    {
        _gateway.Answer("POST /api/feedback/preview?days=3", 202, """{"id":"j1","status":"succeeded","progress":1,"message":"3 instead of 5"}""");
        _gateway.Answer("GET /api/feedback/preview", 200, """
            {"falseAlarms":4,"useful":2,"missed":1,"entitiesLeftOut":7,"entities":[{"entity":"web-1","from":1767225600000,"before":5,"after":3}],
             "labels":{"incidents":3,"championFound":3,"challengerFound":3,"falseAlarms":4,"championRepeated":4,"challengerRepeated":1,"unread":0,"spans":[]}}
            """);

        (await PreviewCommand.RunAsync(_client, _terminal.Terminal, 3, TimeProvider.System, TestContext.Current.CancellationToken)).ShouldBe(ExitCodes.Success);

        _terminal.Lines.ShouldContain("  taught          4 false alarms; 2 useful and 1 missed ones left out");
        Line("web-1").ShouldBe(["web-1", "2026-01-01 00:00Z", "5", "3"]);
        _terminal.Lines.ShouldContain("  and 7 entities more that there was no room for");
        _terminal.Lines.ShouldContain("  false alarms    of 4 repeated 1 with the feedback, 4 now");

        _gateway.Answer("POST /api/feedback/preview?days=3", 202, """{"id":"j1","status":"failed","progress":0.3,"message":"A service does not answer"}""");
        (await PreviewCommand.RunAsync(_client, _terminal.Terminal, 3, TimeProvider.System, TestContext.Current.CancellationToken)).ShouldBe(ExitCodes.Failed);
        _terminal.Lines[^1].ShouldContain("Preview failed: A service does not answer");
    }

    [Fact]
    public async Task Times_are_left_out_listed_and_learned_from_again()
    {
        const string exclusion = """{"id":"ex1","entity":"web-1","from":1767225600000,"to":1767229200000,"kind":"maintenance","reason":"new disks","at":1}""";
        _gateway.Answer("POST /api/training/exclusions", 201, exclusion);
        _gateway.Answer("GET /api/training/exclusions", 200, $$"""{"items":[{{exclusion}}]}""");
        _gateway.Answer("DELETE /api/training/exclusions/ex1", 200, exclusion);

        await ExclusionCommands.ExcludeAsync(
            _client, _terminal.Terminal, "web-1", "2026-01-01T00:00", "2026-01-01T02:00+01:00", "maintenance", "new disks", TestContext.Current.CancellationToken);
        await ExclusionCommands.ListAsync(_client, _terminal.Terminal, TestContext.Current.CancellationToken);
        await ExclusionCommands.IncludeAsync(_client, _terminal.Terminal, "ex1", TestContext.Current.CancellationToken);

        _gateway.Bodies.ShouldContain("""{"from":1767225600000,"to":1767229200000,"kind":"maintenance","reason":"new disks","entity":"web-1"}""");
        _terminal.Lines[0].ShouldBe("✓ web-1 from 2026-01-01 00:00Z to 2026-01-01 01:00Z is left out (ex1).");
        _terminal.Lines.ShouldContain(line => line.Contains("new disks", StringComparison.Ordinal));
        _terminal.Lines[^1].ShouldBe("✓ ex1 is learned from again.");
        (await Should.ThrowAsync<LauncherException>(() => ExclusionCommands.ExcludeAsync(
            _client, _terminal.Terminal, null, "soon", "later", "flagged", null, TestContext.Current.CancellationToken))).Message.ShouldBe("--from 'soon' is no time; write it like 2026-01-31T10:00Z.");
    }

    [Fact]
    public async Task A_refusal_is_one_line_with_the_reason()
    {
        _gateway.Answer("POST /api/models/rollback?group=any", 409, """{"title":"x","detail":"There is nothing to go back to."}""");

        (await Should.ThrowAsync<LauncherException>(() => ModelsCommand.RollbackAsync(_client, _terminal.Terminal, "any", TestContext.Current.CancellationToken)))
            .Message.ShouldBe("The gateway refused api/models/rollback?group=any: 409 There is nothing to go back to.");
        (await Should.ThrowAsync<LauncherException>(() => ModelsCommand.ListAsync(_client, _terminal.Terminal, TestContext.Current.CancellationToken)))
            .Message.ShouldBe("The gateway does not list models; `./forewarn status` shows what is wrong.");
    }

    string[] Line(string version) =>
        [.. _terminal.Lines.Single(line => line.Contains(version, StringComparison.Ordinal)).Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SelectMany(cell => cell.Split('│', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
