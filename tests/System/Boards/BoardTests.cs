using System.Text.RegularExpressions;
using Npgsql;

namespace Forewarn.SystemTests;

[Collection("3 boards")]
public sealed partial class BoardTests(BoardPlatform watched, ITestOutputHelper output) : IClassFixture<BoardPlatform>
{
    /// <summary>Metrics that a rule waits for and a healthy platform has not.</summary>
    static readonly HashSet<string> OnlyInTrouble = new(StringComparer.Ordinal)
    {
        // Compares the newest whole hour with what was learned.
        "forewarn_trainer_drift_ratio",
    };

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_panel_of_Prometheus_has_data()
    {
        var prometheus = Prometheus();
        var empty = BoardFiles.Metrics().ToList();
        empty.Count.ShouldBeGreaterThan(60);
        empty.RemoveAll(query => OnlyInTrouble.Any(metric => query.Text.Contains(metric, StringComparison.Ordinal)));

        await Eventually.Async("every panel has data", Patience, async () =>
        {
            for (var i = empty.Count - 1; i >= 0; i--)
            {
                if ((await prometheus.QueryAsync(GrafanaMacros.InPrometheus(empty[i].Text))).Any(sample => double.IsFinite(sample.Value)))
                    empty.RemoveAt(i);
            }
            return empty.Count == 0;
        }, () => string.Join('\n', empty.Select(query => $"{query.Where}: {query.Text}")));
    }

    [Fact]
    public async Task Every_rule_is_evaluated_without_an_error_and_knows_metrics_that_there_are()
    {
        var prometheus = Prometheus();
        await Eventually.Async("every rule is evaluated", Patience, async () => (await prometheus.RulesAsync()).All(rule => rule.Health != "unknown"));

        var rules = await prometheus.RulesAsync();
        rules.Count.ShouldBeGreaterThan(20);
        rules.Where(rule => rule.Health != "ok" || rule.Error.Length > 0).ShouldBeEmpty();
        var text = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Checkout.Root, "deploy", "prometheus", "rules"), "*.yaml").Select(File.ReadAllText));
        var metrics = Selector().Matches(text).Select(match => (Name: match.Groups["name"].Value, Job: match.Groups["job"].Value)).Distinct().ToList();
        metrics.Count.ShouldBeGreaterThan(12);
        foreach (var (name, job) in metrics.Where(metric => !OnlyInTrouble.Contains(metric.Name)))
            (await prometheus.QueryAsync(job.Length == 0 ? name : $"{name}{{job=\"{job}\"}}")).ShouldNotBeEmpty($"{name} of {job}");
    }

    [Fact]
    public async Task Rules_fire_for_what_happened_and_for_nothing_else()
    {
        var prometheus = Prometheus();

        await Eventually.Async("what happened is told", TimeSpan.FromMinutes(4), async () =>
            (await FiringAsync(prometheus)).IsSupersetOf(["ForewarnWatchdog", "ForewarnDeadLetters", "ForewarnNotTelling"]), () => watched.Platform.Logs());

        var firing = await FiringAsync(prometheus);
        output.WriteLine(string.Join(' ', firing));
        firing.Except(["ForewarnWatchdog", "ForewarnDeadLetters", "ForewarnNotTelling", "ForewarnSlow", "ForewarnToldLate"]).ShouldBeEmpty("two of them a noisy machine may cause");
    }

    [Fact]
    public async Task Every_panel_variable_and_annotation_of_the_history_has_rows()
    {
        var empty = BoardFiles.Statements().ToList();
        empty.Count.ShouldBeGreaterThan(10);
        var series = await watched.Database.CreateCommand($"SELECT series FROM history.forecasts WHERE entity = '{BoardPlatform.Entity}' AND course = 'ahead' LIMIT 1").ExecuteScalarAsync(Token);
        Dictionary<string, string> variables = new(StringComparer.Ordinal) { ["entity"] = BoardPlatform.Entity, ["series"] = series.ShouldBeOfType<string>("a limit was ahead") };

        // The span decides which table answers.
        foreach (var span in new[] { TimeSpan.FromHours(1), TimeSpan.FromHours(12) })
        {
            var left = empty.ToList();
            await Eventually.Async($"every statement over {span.TotalHours} h has rows", Patience, async () =>
            {
                var to = TimeProvider.System.GetUtcNow();
                for (var i = left.Count - 1; i >= 0; i--)
                {
                    if (await HasRowsAsync(GrafanaMacros.InSql(left[i].Text, to - span, to, variables)))
                        left.RemoveAt(i);
                }
                return left.Count == 0;
            }, () => string.Join('\n', left.Select(query => $"{query.Where}: {query.Text}")));
        }
    }

    [Fact]
    public async Task Bands_hold_most_of_what_is_measured()
    {
        await using var command = watched.Database.CreateCommand("""
            SELECT avg((s.value BETWEEN b.lower AND b.upper)::int)::float8, count(*)
            FROM history.bands b
            JOIN history.samples_between(now() - interval '10 minutes', now()) s ON s.entity = b.entity AND s.series = b.series AND s.t >= b.t AND s.t < b.t + interval '1 minute'
            WHERE b.entity = $1 AND b.t > now() - interval '10 minutes' AND b.cadence_ms = 1000 AND b.name ~ '^system.(cpu|memory|network)'
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = BoardPlatform.Entity });
        await using var reader = await command.ExecuteReaderAsync(Token);
        (await reader.ReadAsync(Token)).ShouldBeTrue();
        output.WriteLine($"{reader.GetDouble(0):P1} of {reader.GetInt64(1)} samples lie within their minute's band");

        reader.GetDouble(0).ShouldBeGreaterThan(0.9);
    }

    RealPrometheus Prometheus()
    {
        Assert.SkipWhen(watched.Prometheus is null, "There is no prometheus here, and no apt to bring it.");
        return watched.Prometheus;
    }

    static async Task<HashSet<string>> FiringAsync(RealPrometheus prometheus) =>
        [.. (await prometheus.QueryAsync("ALERTS{alertstate=\"firing\"}")).Select(alert => alert["alertname"])];

    async Task<bool> HasRowsAsync(string statement)
    {
        await using var command = watched.Database.CreateCommand(statement);
        await using var reader = await command.ExecuteReaderAsync(Token);
        return await reader.ReadAsync(Token);
    }

    [GeneratedRegex("""(?<name>(forewarn|dapr|kafka|up|target)[a-z_]*)\{(job="(?<job>[a-z-]+)")?""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Selector();
}
