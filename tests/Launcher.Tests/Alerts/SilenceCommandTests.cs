using Forewarn.Launcher.Commands.Alerts;

namespace Forewarn.Launcher.Tests.Alerts;

public sealed class SilenceCommandTests : IDisposable
{
    const string Silence = """
        {"id":"s1a","kind":"maintenance","match":{"entity":"web-*","labels":{"team":"a"},"severity":["info","warning"]},"from":1767225600000,"to":1767232800000,"reason":"new disks","who":"ann","at":1}
        """;

    readonly AlertTerminal _terminal = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task A_silence_says_what_for_how_long_and_why()
    {
        _terminal.Gateway.Answer("POST /api/silences", 201, Silence);
        var match = MatchOptions.Of("web-*", ["team=a=b"], ["info", "warning"], ["spike"]);

        await SilenceCommands.SilenceAsync(_terminal.Desk, "maintenance", match, from: null, "2h", "new disks", "ann", Token);

        _terminal.Gateway.Bodies.Single().ShouldBe(
            """{"kind":"maintenance","match":{"entity":"web-*","labels":{"team":"a=b"},"severity":["info","warning"],"kind":["spike"]},"to":1767232800000,"reason":"new disks","who":"ann"}""");
        _terminal.Lines.ShouldBe(["✓ web-* team=a info,warning is silent from 2026-01-01 00:00Z to 2026-01-01 02:00Z (s1a).", "  What is measured meanwhile is left out of training."]);
    }

    [Fact]
    public async Task One_that_begins_later_lasts_from_then()
    {
        _terminal.Gateway.Answer("POST /api/silences", 201, Silence);

        await SilenceCommands.SilenceAsync(_terminal.Desk, "silence", [], "2026-01-02T00:00+01:00", "30m", "r", "w", Token);

        _terminal.Gateway.Bodies.Single().ShouldBe("""{"kind":"silence","match":{},"to":1767310200000,"reason":"r","who":"w","from":1767308400000}""");
    }

    [Theory]
    [InlineData("2", null, null, "--for 2 is no duration: write 30m, 2h or 1d.")]
    [InlineData("2h", "soon", null, "--from 'soon' is no time; write it like 2026-01-31T10:00Z.")]
    [InlineData("2h", null, "team", "--label team is no label; write it like team=payments.")]
    public async Task What_cannot_be_read_is_said_with_an_example(string length, string? from, string? label, string message)
    {
        var failure = await Should.ThrowAsync<LauncherException>(() => SilenceCommands.SilenceAsync(
            _terminal.Desk, "silence", MatchOptions.Of(null, label is null ? [] : [label], [], []), from, length, "r", "w", Token));

        (failure.Message, failure.ExitCode).ShouldBe((message, ExitCodes.Usage));
    }

    [Fact]
    public async Task Silences_are_listed_and_ended_by_the_beginning_of_their_id()
    {
        _terminal.Gateway.Answer("GET /api/silences", 200, $$"""{"items":[{{Silence}},{"id":"s2","kind":"silence","match":{},"from":1767225600000,"to":1767232800000,"reason":"r","who":"w"}]}""");
        _terminal.Gateway.Answer("DELETE /api/silences/s1a", 200, Silence);
        _terminal.Gateway.Answer("GET /api/silences?ended=true", 200, """{"items":[]}""");

        await SilenceCommands.ListAsync(_terminal.Desk, all: false, Token);
        _terminal.Row("s1a").ShouldBe(["s1a", "maintenance", "web-* team=a info,warning", "2026-01-01 00:00Z", "2026-01-01 02:00Z", "new disks", "ann"]);
        _terminal.Row("s2 ").ShouldContain("everything");
        await SilenceCommands.EndAsync(_terminal.Desk, "s1", Token);
        _terminal.Lines[^1].ShouldBe("✓ web-* team=a info,warning is told of again (s1a).");
        await SilenceCommands.ListAsync(_terminal.Desk, all: true, Token);
        _terminal.Lines[^1].ShouldBe("Nothing is silent.");
        (await Should.ThrowAsync<LauncherException>(() => SilenceCommands.EndAsync(_terminal.Desk, "x", Token))).Message.ShouldStartWith("No silence x holds");
        (await Should.ThrowAsync<LauncherException>(() => SilenceCommands.EndAsync(_terminal.Desk, "s", Token))).Message.ShouldBe("2 silences begin with s: s1a, s2.");
    }

    [Fact]
    public async Task A_preview_counts_and_names_what_would_have_been_muted()
    {
        _terminal.Gateway.Answer("POST /api/silences/preview", 200, """
            {"from":1767225600000,"incidents":12,"muted":1,"examples":[{"id":"i1","entity":"web-1","severity":"warning","summary":"cpu is busy","openedAt":1767225600000}]}
            """);

        await SilenceCommands.PreviewAsync(_terminal.Desk, MatchOptions.Of("web-*", [], [], []), Token);

        _terminal.Gateway.Bodies.Single().ShouldBe("""{"match":{"entity":"web-*"}}""");
        _terminal.Lines[0].ShouldBe("  would have kept quiet 1 of 12 incidents since 2026-01-01 00:00Z");
        _terminal.Row("i1").ShouldBe(["i1", "warning", "2026-01-01 00:00Z", "web-1", "cpu is busy"]);
    }

    [Fact]
    public async Task A_refusal_names_every_field()
    {
        _terminal.Gateway.Answer("POST /api/silences", 400, """{"title":"This cannot be silenced","errors":{"to":["to must be later than from."],"match.kind":["is unknown."]}}""");

        (await Should.ThrowAsync<LauncherException>(() => SilenceCommands.SilenceAsync(_terminal.Desk, "silence", [], null, "2h", "r", "w", Token)))
            .Message.ShouldBe($"The gateway refused api/silences: 400 to must be later than from.{Environment.NewLine}match.kind: is unknown.");
    }
}
