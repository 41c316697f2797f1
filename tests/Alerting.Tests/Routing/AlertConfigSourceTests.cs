using Forewarn.Alerting.Routing;
using Forewarn.Hosting;
using Forewarn.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Alerting.Tests.Routing;

/// <summary>Hot reload with a real file and a clock of the test's own.</summary>
public sealed class AlertConfigSourceTests : IDisposable
{
    const string First = """
        receivers: [{ name: ops, console: true }]
        routes: [{ name: first, receivers: ops }]
        """;

    static readonly string Second = First.Replace("first", "second", StringComparison.Ordinal);
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    readonly string _file = Path.Combine(Path.GetTempPath(), $"forewarn-alerting-{Guid.NewGuid():N}.yaml");
    readonly FakeTimeProvider _time = new(RoutingSamples.Noon);

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_file_that_changes_holds_without_a_restart()
    {
        await using var running = await StartAsync(First);
        var changes = 0;
        running.Source.Changed += (_, _) => Interlocked.Increment(ref changes);

        await File.WriteAllTextAsync(_file, Second, TestContext.Current.CancellationToken);
        await AfterTicks("the second to hold", () => running.Source.Current.Config.Routes[0].Name == "second");

        changes.ShouldBe(1);
        running.Source.Current.File.ShouldBe(_file);
    }

    [Fact]
    public async Task A_file_that_breaks_changes_nothing_and_shows_until_it_is_mended()
    {
        await using var running = await StartAsync(First);

        await File.WriteAllTextAsync(_file, "receivers: []\nroutes: [{ name: x }]", TestContext.Current.CancellationToken);
        await AfterTicks("mistakes to show", () => running.Source.Mistakes.Count > 0);
        running.Source.Current.Config.Routes[0].Name.ShouldBe("first");
        running.Source.Mistakes.ShouldContain(mistake => mistake.Contains("line 2: routes[0].receivers is missing", StringComparison.Ordinal));
        running.Source.Note.ShouldNotBeNull().ShouldContain("what was read before holds");

        await File.WriteAllTextAsync(_file, First, TestContext.Current.CancellationToken);
        await AfterTicks("the mistakes to go", () => running.Source.Mistakes.Count == 0);
        running.Source.Note.ShouldBeNull();
    }

    [Fact]
    public async Task A_file_that_goes_away_changes_nothing_and_is_read_when_it_comes_back()
    {
        await using var running = await StartAsync(First);

        File.Delete(_file);
        await AfterTicks("its absence to show", () => running.Source.Mistakes.Count > 0);
        running.Source.Current.Config.Routes[0].Name.ShouldBe("first");

        await File.WriteAllTextAsync(_file, First, TestContext.Current.CancellationToken);
        await AfterTicks("it to be read again", () => running.Source.Mistakes.Count == 0);
    }

    [Fact]
    public void A_start_with_a_broken_file_says_all_that_is_wrong()
    {
        File.WriteAllText(_file, "routes: []");
        Should.Throw<OptionsException>(New).Message.ShouldContain("line 1: receivers must have at least one receiver");
        File.Delete(_file);
        Should.Throw<OptionsException>(New).Message.ShouldStartWith($"ALERTING__CONFIGFILE is '{_file}', which cannot be read");
    }

    [Fact]
    public void Without_a_file_all_goes_to_the_console()
    {
        using var source = new AlertConfigSource(new AlertingOptions(), _time, NullLogger<AlertConfigSource>.Instance);

        source.Current.File.ShouldBeNull();
        source.Current.Config.ShouldBeSameAs(AlertConfig.Standard);
    }

    AlertConfigSource New() => new(new AlertingOptions { ConfigFile = _file }, _time, NullLogger<AlertConfigSource>.Instance);

    async Task<Running> StartAsync(string yaml)
    {
        await File.WriteAllTextAsync(_file, yaml, TestContext.Current.CancellationToken);
        var source = New();
        await source.StartAsync(TestContext.Current.CancellationToken);
        return new Running(source);
    }

    Task AfterTicks(string what, Func<bool> condition) => Eventually.Async(what, Limit, () =>
    {
        _time.Advance(TimeSpan.FromSeconds(2));
        return Task.FromResult(condition());
    });

    sealed record Running(AlertConfigSource Source) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Source.StopAsync(CancellationToken.None);
            Source.Dispose();
        }
    }
}
