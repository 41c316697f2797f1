using Microsoft.Extensions.Logging;

namespace Forewarn.Ingestion.Tests;

public sealed class FileTargetTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-targets-").FullName;
    readonly Book _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_that_is_exchanged_behind_links_is_noticed_though_time_and_length_are_the_same()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links take a right there");
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var (folder, target) in new[] { ("..one", "web-1:9100"), ("..two", "web-2:9100") })
        {
            Directory.CreateDirectory(Path.Combine(_folder, folder));
            var file = Path.Combine(_folder, folder, "targets.json");
            File.WriteAllText(file, $$"""[{"targets": ["{{target}}"]}]""");
            File.SetLastWriteTimeUtc(file, time);
        }
        // As the kubelet mounts a ConfigMap: the file leads to a link of the folder, and only that is exchanged.
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..one");
        File.CreateSymbolicLink(Path.Combine(_folder, "targets.json"), Path.Combine("..data", "targets.json"));
        var targets = Targets();
        Addresses(targets).ShouldBe(["web-1:9100"]);

        Directory.Delete(Path.Combine(_folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..two");
        Addresses(targets).ShouldBe(["web-2:9100"]);
    }

    [Fact]
    public void A_broken_file_is_named_once_and_what_it_had_stays_until_it_is_mended()
    {
        var targets = Targets();
        Write("""[{"targets": ["a:1"]}]""");
        Addresses(targets).ShouldBe(["a:1"]);
        Write("""[{"targets": [""");
        Addresses(targets).ShouldBe(["a:1"]);
        Addresses(targets).ShouldBe(["a:1"]);
        _log.Lines.Count.ShouldBe(1);
        Write("""[{"targets": ["b:1"]}]""");
        Addresses(targets).ShouldBe(["b:1"]);
        Write("""[{"targets": [""");
        Addresses(targets).ShouldBe(["b:1"]);
        _log.Lines.Count.ShouldBe(2, "broken anew");
        File.Delete(Path.Combine(_folder, "targets.json"));
        Addresses(targets).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_cannot_be_read_for_a_moment_is_read_when_it_can()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links take a right there");
        var (targets, link) = (Targets(), Path.Combine(_folder, "targets.json"));
        File.CreateSymbolicLink(link, "away");
        Addresses(targets).ShouldBeEmpty();
        Addresses(targets).ShouldBeEmpty();
        _log.Lines.ShouldHaveSingleItem().ShouldContain(link);
        File.WriteAllText(Path.Combine(_folder, "away"), """[{"targets": ["a:1"]}]""");
        Addresses(targets).ShouldBe(["a:1"]);
        File.Move(Path.Combine(_folder, "away"), Path.Combine(_folder, "elsewhere"));
        Addresses(targets).ShouldBe(["a:1"]);
    }

    FileTargets Targets() => new([Path.Combine(_folder, "*.json")], _log);

    void Write(string text) => File.WriteAllText(Path.Combine(_folder, "targets.json"), text);

    static IEnumerable<string> Addresses(FileTargets targets) => targets.Read().SelectMany(group => group.Targets);

    sealed class Book : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
