using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.StreamProcessor.Tests;

public sealed class RuleFileTests : IDisposable
{
    readonly string _path = Path.Combine(Path.GetTempPath(), $"forewarn-rules-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void The_file_that_compose_mounts_is_in_order_and_asks_for_nothing_yet()
    {
        var path = Path.Combine(Checkout.Root, "deploy", "compose", "thresholds", "thresholds.yaml");
        RuleFile.Parse(File.ReadAllText(path), path).Rules.ShouldBeEmpty();
    }

    [Fact]
    public void The_example_in_the_documentation_is_read()
    {
        var set = RuleFile.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "thresholds.example.yaml")), "thresholds.example.yaml");
        set.HasMissing.ShouldBeTrue();
        set.Rules.Select(rule => (rule.Name, $"{rule.Condition}", rule.ForMs, rule.OverMs, rule.Severity)).ShouldBe(
        [
            ("disk-full", "system.filesystem.utilization > 0.9", 60_000, 300_000, IncidentSeverity.Critical),
            ("db-memory", "mean(system.memory.utilization) >= 0.95", 0, 300_000, IncidentSeverity.Warning),
            ("errors", "rate(app.errors) > 5", 30_000, 60_000, IncidentSeverity.Warning),
            ("idle-workers", "max(app.queue.consumers) < 1", 0, 600_000, IncidentSeverity.Info),
            ("heartbeat", "missing(app.heartbeat)", 30_000, 300_000, IncidentSeverity.Critical),
        ]);
        set.Rules[0].Clear.ShouldBe(new Bound(Comparison.Below, 0.85));
        set.Rules[0].Labels["system.filesystem.mountpoint"].Matches("/data").ShouldBeTrue();
        set.Rules[1].Entity.Matches("web-1").ShouldBeFalse();
    }

    [Fact]
    public void A_rule_without_a_name_is_called_by_its_condition() =>
        RuleFile.Parse("rules: [{ if: 'rate( app.errors ) > 5' }, { if: missing(a) }]", "r.yaml").Rules.Select(rule => rule.Name).ShouldBe(["rate(app.errors) > 5", "missing(a)"]);

    [Fact]
    public void A_file_may_have_no_rules() => RuleFile.Parse("rules: []", "r.yaml").Rules.ShouldBeEmpty();

    [Fact]
    public void All_mistakes_are_told_at_once_with_their_lines()
    {
        const string Yaml = """
            rules:
            - name: a
              if: x >> 5
              for: soon
              severity: bad
            - name: a
              if: x > 5
              clear: "> 4"
              over: 1m
            - name: a
              if: missing(y)
              clear: "< 4"
              labels: [z]
            - for: 1s
              colour: red
              labels:
                k: [1]
            - if: x < 5
              clear: "> 4"
            version: 1
            """;
        var mistakes = Should.Throw<RuleFileException>(() => RuleFile.Parse(Yaml, "r.yaml")).Mistakes;
        string[] expected =
        [
            "line 3: rules[0].if 'x >> 5'", "line 4: rules[0].for must be a duration", "line 5: rules[0].severity must be info, warning or critical, not 'bad'",
            "line 8: rules[1].clear '> 4' must lie on the other side of '> 5'", "line 9: rules[1].over is for rate, mean, min and max",
            "line 10: rules[2].name 'a' is taken", "line 12: rules[2].clear has no meaning", "line 13: rules[2].labels must be a mapping",
            "line 14: rules[3].if is missing", "line 15: rules[3].colour is unknown", "line 17: rules[3].labels.k must be a single value",
            "line 19: rules[4].clear '> 4' must lie on the other side", "line 20: version is unknown",
        ];
        foreach (var one in expected)
            mistakes.ShouldContain(mistake => mistake.StartsWith($"r.yaml, {one}", StringComparison.Ordinal), $"{one}\n{string.Join('\n', mistakes)}");
        mistakes.Count.ShouldBe(expected.Length, string.Join('\n', mistakes));
    }

    [Theory]
    [InlineData("", "line 1: one mapping with 'rules'")]
    [InlineData("- a", "line 1: one mapping with 'rules'")]
    [InlineData("rules: {a: b}", "rules must be a list")]
    [InlineData("other: 1", "rules is missing")]
    [InlineData("rules:\n- if: [a", "line ")]
    public void What_is_no_file_of_rules_is_refused(string yaml, string what) =>
        Should.Throw<RuleFileException>(() => RuleFile.Parse(yaml, "r.yaml")).Message.ShouldContain(what);

    [Fact]
    public void A_broken_file_keeps_the_rules_before_until_it_is_mended()
    {
        File.WriteAllText(_path, "rules: [{ name: a, if: x > 5 }]");
        using var book = Book();
        book.Current.Rules.Select(rule => rule.Name).ShouldBe(["a"]);
        book.Note.ShouldBe("1 rules");

        File.WriteAllText(_path, "rules: [{ name: b, if: x }, { name: c, if: y }]");
        book.Look();
        book.Current.Rules.Select(rule => rule.Name).ShouldBe(["a"]);
        book.Note.ShouldNotBeNull().ShouldSatisfyAllConditions(
            note => note.ShouldStartWith("1 rules from before; "), note => note.ShouldContain("rules[0].if"), note => note.ShouldContain("rules[1].if"));

        File.Delete(_path);
        book.Look();
        book.Note.ShouldNotBeNull().ShouldContain("cannot be read");
        File.WriteAllText(_path, "rules: [{ name: d, if: x > 6 }]");
        book.Look();
        book.Current.Rules.Select(rule => rule.Name).ShouldBe(["d"]);
        book.Note.ShouldBe("1 rules");
    }

    [Fact]
    public void A_file_that_goes_and_comes_back_unchanged_is_in_order_again()
    {
        const string Yaml = "rules: [{ name: a, if: x > 5 }]";
        File.WriteAllText(_path, Yaml);
        using var book = Book();
        File.Delete(_path);
        book.Look();
        book.Note.ShouldNotBeNull().ShouldContain("cannot be read");
        File.WriteAllText(_path, Yaml);
        book.Look();
        book.Note.ShouldBe("1 rules");
    }

    [Fact]
    public async Task A_change_is_found_within_two_seconds()
    {
        var time = new FakeTimeProvider(StreamRig.Start);
        await File.WriteAllTextAsync(_path, "rules: []", TestContext.Current.CancellationToken);
        using var book = Book(time);
        await book.StartAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_path, "rules: [{ name: a, if: x > 5 }]", TestContext.Current.CancellationToken);
        await Eventually.Async("the new rules", TimeSpan.FromSeconds(60), () =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(book.Current.Rules.Count == 1);
        });
        await book.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Without_a_file_there_is_nothing_to_say()
    {
        using var book = new RuleBook(new StreamProcessorOptions(), TimeProvider.System, NullLogger<RuleBook>.Instance);
        (book.Note, book.Current.Rules.Count).ShouldBe((null, 0));
    }

    RuleBook Book(TimeProvider? time = null) => new(new StreamProcessorOptions { ThresholdsFile = _path }, time ?? TimeProvider.System, NullLogger<RuleBook>.Instance);
}
