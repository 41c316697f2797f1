using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Forewarn.Deploy.Tests;

/// <summary>What is written for Prometheus is understood by its own promtool.</summary>
public sealed partial class PrometheusTests : IDisposable
{
    static readonly string Examples = Path.Combine(Checkout.Root, "deploy", "prometheus", "examples");
    static readonly string Rules = Path.Combine(Checkout.Root, "deploy", "prometheus");
    static readonly string Document = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "prometheus.md"));

    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-promtool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_example_rules_are_rules_and_pass_their_unit_test()
    {
        await PassesAsync("check", "rules", Path.Combine(Examples, "scores.yaml"));
        await PassesAsync("test", "rules", Path.Combine(Examples, "scores.test.yaml"));
    }

    [Fact]
    public void Every_example_rule_has_a_test_in_which_it_fires()
    {
        var rules = RulesOf(Path.Combine(Examples, "scores.yaml"));
        var fired = ((JsonObject)ComposeFile.ToJson(ComposeFile.Yaml(Path.Combine(Examples, "scores.test.yaml")))!)["tests"]!.AsArray().SelectMany(test => test!["alert_rule_test"]!.AsArray())
            .Where(expected => expected!["exp_alerts"]!.AsArray().Count > 0).Select(expected => expected!["alertname"]!.ToString()).ToHashSet(StringComparer.Ordinal);

        rules.Count.ShouldBeGreaterThanOrEqualTo(5);
        rules.Select(rule => rule["alert"]!.ToString()).Where(alert => !fired.Contains(alert)).ShouldBeEmpty();
        rules.ShouldAllBe(rule => rule["labels"]!["severity"] != null && rule["annotations"]!["summary"] != null);
    }

    [Fact]
    public async Task The_rules_for_Forewarn_itself_pass_their_unit_tests()
    {
        await PassesAsync("check", "rules", Path.Combine(Rules, "rules", "forewarn.yaml"));
        await PassesAsync("test", "rules", Path.Combine(Rules, "forewarn.test.yaml"));
    }

    [Fact]
    public void Each_of_them_is_tested_names_its_severity_and_has_a_runbook_and_no_runbook_is_left_over()
    {
        var rules = RulesOf(Path.Combine(Rules, "rules", "forewarn.yaml"));
        var alerts = rules.Select(rule => rule["alert"]!.ToString()).ToList();
        var tests = File.ReadAllText(Path.Combine(Rules, "forewarn.test.yaml"));
        var sections = File.ReadLines(Path.Combine(Checkout.Root, "docs", "runbooks.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]);

        sections.ShouldBe(alerts, ignoreOrder: true);
        rules.ShouldAllBe(rule => rule["labels"]!["severity"] != null && rule["annotations"]!["summary"] != null);
        foreach (var rule in rules)
            rule["annotations"]!["runbook"]!.ToString().ShouldBe($"docs/runbooks.md#{rule["alert"]!.ToString().ToLowerInvariant()}");
        alerts.Where(alert => !tests.Contains(alert, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Examples_and_document_name_only_metrics_that_the_document_promises()
    {
        var promised = Document.Split('\n').Where(line => line.StartsWith("| `forewarn_", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).ToHashSet(StringComparer.Ordinal);

        var named = Directory.EnumerateFiles(Examples).Select(File.ReadAllText).Append(Document).SelectMany(text => Metric().Matches(text)).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        promised.Count.ShouldBeGreaterThan(20);
        named.ShouldBe(promised, ignoreOrder: true);
    }

    [Fact]
    public async Task Every_scrape_configuration_of_the_document_and_of_compose_is_one()
    {
        List<string> configurations =
        [
            .. Block().Matches(Document).Select(match => match.Groups["text"].Value).Where(text => text.StartsWith("scrape_configs:", StringComparison.Ordinal)),
            new JsonObject { ["scrape_configs"] = ComposeFile.ToJson(ComposeFile.Yaml(Path.Combine(ComposeFile.Folder, "prometheus.yaml")))!["scrape_configs"]!.DeepClone() }.ToJsonString(),
        ];

        configurations.Count.ShouldBe(5);
        foreach (var configuration in configurations)
        {
            var file = Path.Combine(_folder, "prometheus.yaml");
            await File.WriteAllTextAsync(file, configuration, TestContext.Current.CancellationToken);
            await PassesAsync("check", "config", "--syntax-only", file);
        }
    }

    static List<JsonNode> RulesOf(string file) =>
        [.. ComposeFile.ToJson(ComposeFile.Yaml(file))!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!)];

    static async Task PassesAsync(params string[] arguments)
    {
        var promtool = await Promtool.FindAsync();
        Assert.SkipWhen(promtool is null, "There is no promtool here, and no apt to bring it.");
        var (exitCode, said) = await Promtool.RunAsync(promtool, "", TestContext.Current.CancellationToken, arguments);
        exitCode.ShouldBe(0, said);
    }

    [GeneratedRegex(@"\bforewarn_(incidents?|model|entity|metric|breach|exposition)[a-z_]*\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"```yaml\n(?<text>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
