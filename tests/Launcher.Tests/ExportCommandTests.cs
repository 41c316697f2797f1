using Forewarn.Launcher.Commands;

namespace Forewarn.Launcher.Tests;

public sealed class ExportCommandTests : IDisposable
{
    const string Path = "api/export?kind=samples";

    static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    readonly FakeGateway _gateway = new();
    readonly TestTerminal _terminal = new();
    readonly GatewayClient _client;
    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-export-").FullName;

    public ExportCommandTests() => _client = new GatewayClient(_gateway.Address);

    public void Dispose()
    {
        _client.Dispose();
        _gateway.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("now", 1_773_144_000_000)]
    [InlineData("90m", 1_773_138_600_000)]
    [InlineData("2d", 1_772_971_200_000)]
    [InlineData("30s", 1_773_143_970_000)]
    [InlineData("2026-03-10T12:00:00Z", 1_773_144_000_000)]
    [InlineData("2026-03-10T13:00:00+01:00", 1_773_144_000_000)]
    [InlineData("2026-03-10", 1_773_100_800_000)]
    [InlineData("1773144000123", 1_773_144_000_123)]
    public void A_time_is_understood_as_people_write_it(string text, long expected) => ExportQuery.TimeOf("--from", text, Now).ShouldBe(expected);

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-5m")]
    [InlineData("m")]
    [InlineData("")]
    [InlineData("9223372036854775807d")]
    public void A_time_that_is_none_is_refused_with_what_to_write(string text) =>
        Should.Throw<LauncherException>(() => ExportQuery.TimeOf("--from", text, Now)).ExitCode.ShouldBe(ExitCodes.Usage);

    [Fact]
    public void A_step_is_a_duration_or_milliseconds()
    {
        ExportQuery.StepOf("10s").ShouldBe(10_000);
        ExportQuery.StepOf("250").ShouldBe(250);
        Should.Throw<LauncherException>(() => ExportQuery.StepOf("often")).ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public void What_was_asked_for_becomes_a_query_and_the_rest_stays_out() =>
        new ExportQuery().With("entity", "web-*").With("label", "a:b c", "!d:*").With("step", (string?)null).With("name", "").Path
            .ShouldBe("api/export?entity=web-%2A&label=a%3Ab%20c&label=%21d%3A%2A");

    [Fact]
    public async Task A_complete_answer_becomes_a_file_and_none_is_replaced_unasked()
    {
        var file = System.IO.Path.Combine(_folder, "out.csv");
        _gateway.Answer("GET /" + Path, 200, "entity,t\r\n");

        (await SaveAsync(file, force: false)).ShouldBe(ExitCodes.Success);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("entity,t\r\n");
        _terminal.Lines.ShouldHaveSingleItem().ShouldContain("10 bytes");

        _gateway.Answer("GET /" + Path, 200, "new");
        (await Should.ThrowAsync<LauncherException>(() => SaveAsync(file, force: false))).Message.ShouldBe($"{file} is there already; --force replaces it.");
        (await SaveAsync(file, force: true)).ShouldBe(ExitCodes.Success);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("new");
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_answer_that_breaks_off_leaves_no_file_and_spares_the_one_that_was_there()
    {
        var file = System.IO.Path.Combine(_folder, "out.csv");
        await File.WriteAllTextAsync(file, "before", TestContext.Current.CancellationToken);
        _gateway.BreakOff("GET /" + Path, "entity,t\r\n");

        (await Should.ThrowAsync<LauncherException>(() => SaveAsync(file, force: true))).Message.ShouldStartWith("The answer broke off");

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("before");
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refusal_is_one_line_with_the_reason()
    {
        _gateway.Answer("GET /" + Path, 400, """{"title":"'from' cannot be used","detail":"from is required: unix milliseconds."}""");

        (await Should.ThrowAsync<LauncherException>(() => SaveAsync(System.IO.Path.Combine(_folder, "x"), force: false))).Message
            .ShouldBe("The gateway refused: 400 from is required: unix milliseconds.");
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    Task<int> SaveAsync(string file, bool force) => ExportCommand.SaveAsync(_client, Path, file, force, _terminal.Terminal, TestContext.Current.CancellationToken);
}
