using System.Text.Json;
using System.Text.RegularExpressions;

namespace Forewarn.Deploy.Tests;

/// <summary>Boards are what Grafana can load anywhere, and name metrics that there are. That each query has data is a system test.</summary>
public sealed partial class GrafanaBoardTests
{
    static readonly Dictionary<string, JsonElement> Boards = Directory.EnumerateFiles(Repository.PathOf("deploy", "grafana/boards"), "*.json")
        .ToDictionary(file => Path.GetFileName(file)!, file => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(file)));

    public static TheoryData<string> Names => [.. Boards.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_board_has_an_identity_of_its_own_and_takes_its_sources_from_variables(string name)
    {
        var board = Boards[name];

        Boards.Values.Count(other => Text(other, "uid") == Text(board, "uid") || Text(other, "title") == Text(board, "title")).ShouldBe(1);
        Text(board, "uid").ShouldStartWith("forewarn-");
        var sources = board.GetProperty("templating").GetProperty("list").EnumerateArray().Where(variable => Text(variable, "type") == "datasource")
            .ToDictionary(variable => $"${{{Text(variable, "name")}}}", variable => Text(variable, "query"), StringComparer.Ordinal);
        sources.ShouldNotBeEmpty();
        foreach (var source in Everywhere(board, "datasource"))
            sources.GetValueOrDefault(Text(source, "uid")).ShouldBe(Text(source, "type"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Panels_have_titles_and_queries_and_lie_beside_each_other(string name)
    {
        var panels = Boards[name].GetProperty("panels").EnumerateArray().ToList();
        panels.Count.ShouldBeGreaterThan(5);
        panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        panels.ShouldAllBe(panel => Text(panel, "title").Length > 0 && (Text(panel, "type") == "row" || panel.GetProperty("targets").GetArrayLength() > 0));

        var taken = new HashSet<(int X, int Y)>();
        foreach (var panel in panels)
        {
            var place = panel.GetProperty("gridPos");
            int Number(string side) => place.GetProperty(side).GetInt32();
            (Number("x") + Number("w")).ShouldBeLessThanOrEqualTo(24, Text(panel, "title"));
            for (var x = Number("x"); x < Number("x") + Number("w"); x++)
            {
                for (var y = Number("y"); y < Number("y") + Number("h"); y++)
                    taken.Add((x, y)).ShouldBeTrue($"{Text(panel, "title")} lies on another");
            }
        }
    }

    [Fact]
    public void Boards_and_rules_name_only_metrics_that_the_services_have()
    {
        var known = Instruments().Concat(Promised()).ToHashSet(StringComparer.Ordinal);
        known.Count.ShouldBeGreaterThan(60);
        var texts = Boards.Values.Select(board => board.GetRawText()).Append(File.ReadAllText(Repository.PathOf("deploy", "prometheus/rules/forewarn.yaml")));

        var named = texts.SelectMany(text => Metric().Matches(text)).Select(match => Part().Replace(match.Value, "")).Distinct().ToList();

        named.Count.ShouldBeGreaterThan(25);
        named.Where(metric => !known.Contains(metric)).ShouldBeEmpty();
    }

    /// <summary>Instruments in the sources, as Prometheus calls them.</summary>
    static IEnumerable<string> Instruments() =>
        from file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "services"), "*elemetry.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "services", "shared", "hosting"), "*.cs", SearchOption.AllDirectories))
        from match in Instrument().Matches(File.ReadAllText(file))
        let name = match.Groups["name"].Value.Replace('.', '_')
        select (match.Groups["kind"].Value, match.Groups["unit"].Value) switch
        {
            ("Counter", _) => name + "_total",
            (_, "s") => name + "_seconds",
            ("ObservableGauge" or "Gauge", "1") => name + "_ratio",
            _ => name,
        };

    /// <summary>What the gateway tells of entities.</summary>
    static IEnumerable<string> Promised() => File.ReadLines(Path.Combine(Checkout.Root, "docs", "prometheus.md"))
        .Where(line => line.StartsWith("| `forewarn_", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);

    static IEnumerable<JsonElement> Everywhere(JsonElement json, string property) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(field => field.Name == property ? [field.Value] : Everywhere(field.Value, property)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(one => Everywhere(one, property)),
        _ => [],
    };

    static string Text(JsonElement json, string property) => json.GetProperty(property).GetString()!;

    [GeneratedRegex(@"\bforewarn_[a-z_]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();

    /// <summary>Series that a histogram is made of.</summary>
    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();

    [GeneratedRegex("""Create(?<kind>Counter|Histogram|UpDownCounter|ObservableGauge|Gauge)(<\w+>)?\(\s*"(?<name>forewarn\.[a-z._]+)",[^"]*"(?<unit>[^"]*)",""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Instrument();
}
