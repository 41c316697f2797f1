using System.Text;
using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Forewarn.Ingestion.Tests;

/// <summary>The whole service and targets on real sockets.</summary>
public sealed class ScrapeTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_target_that_dies_is_masked_and_counts_as_down_until_it_is_back()
    {
        var port = FreePorts.Next();
        await using var ingestion = await StartAsync(["127.0.0.1:" + port]);
        var entity = $"127.0.0.1:{port}";
        await using (await TargetAsync(port, _ => Task.FromResult("a_total 1\nb 2\n")))
            await Eventually.TrueAsync(() => Last(ingestion, entity, "b") == 2 && Last(ingestion, entity, "up") == 1, "it is up");
        await Eventually.TrueAsync(() => Last(ingestion, entity, "up") == 0, "it is down");
        Last(ingestion, entity, "b").ShouldBe(double.NaN);
        (Last(ingestion, entity, "scrape_samples_scraped"), Last(ingestion, entity, "scrape_duration_seconds") >= 0).ShouldBe((0, true));
        await using (await TargetAsync(port, _ => Task.FromResult("b 3\n")))
            await Eventually.TrueAsync(() => Last(ingestion, entity, "b") == 3 && Last(ingestion, entity, "up") == 1, "it is back");
        ingestion.Sidecar.Raw.ShouldAllBe(batch => batch.Source == "scrape");
    }

    [Theory]
    [InlineData("slow", 1)]
    [InlineData("huge", 1)]
    [InlineData("broken", 1)]
    [InlineData("many", 1)]
    [InlineData("fails", 1)]
    public async Task A_target_that_does_not_behave_is_down_and_the_others_are_not(string kind, int samples)
    {
        var (bad, good) = (FreePorts.Next(), FreePorts.Next());
        await using var badTarget = await TargetAsync(bad, async context =>
        {
            if (kind == "slow")
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            if (kind == "fails")
                context.Response.StatusCode = 500;
            return kind switch
            {
                "huge" => "# " + new string('x', 100_000) + "\nb 1\n",
                "many" => string.Concat(Enumerable.Range(0, 60).Select(i => $"s{i} 1\n")),
                "broken" => "b 1\nb\n",
                _ => "b 1\n",
            };
        });
        await using var goodTarget = await TargetAsync(good, _ => Task.FromResult("b 1\n"));
        await using var ingestion = await StartAsync(
            [$"127.0.0.1:{bad}", $"127.0.0.1:{good}"], "--Ingestion:Scrape:Jobs:0:TimeoutMs=300", "--Ingestion:Scrape:Jobs:0:SampleLimit=50", "--Ingestion:Scrape:MaxBodyBytes=50000");
        await Eventually.TrueAsync(() => Last(ingestion, $"127.0.0.1:{bad}", "up") == 0 && Last(ingestion, $"127.0.0.1:{good}", "up") == 1, "one is down, one up");
        Last(ingestion, $"127.0.0.1:{bad}", "b").ShouldBeNull();
        Last(ingestion, $"127.0.0.1:{good}", "scrape_samples_scraped").ShouldBe(samples);
    }

    [Fact]
    public async Task What_is_configured_is_sent_and_what_is_exposed_gets_the_labels()
    {
        var (port, seen) = (FreePorts.Next(), new TaskCompletionSource<IHeaderDictionary>());
        var tokens = Path.GetTempFileName();
        await File.WriteAllTextAsync(tokens, "a secret\n", Token);
        await using var target = await TargetAsync(port, context =>
        {
            seen.TrySetResult(context.Request.Headers);
            context.Response.ContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            return Task.FromResult("# TYPE a counter\n# UNIT a bytes\na_total{x=\"y\"} 5\n# EOF\n");
        }, "/probe");
        await using var ingestion = await StartAsync(
            [$"127.0.0.1:{port}"], "--Ingestion:Scrape:Jobs:0:Path=/probe", "--Ingestion:Scrape:Jobs:0:Labels:env=test", $"--Ingestion:Scrape:Jobs:0:BearerTokenFile={tokens}");
        var headers = await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        headers.Authorization.ToString().ShouldBe("Bearer a secret");
        headers.Accept.ToString().ShouldStartWith("application/openmetrics-text;version=1.0.0");
        headers["X-Prometheus-Scrape-Timeout-Seconds"].ToString().ShouldBe("1");
        await Eventually.TrueAsync(() => Last(ingestion, $"127.0.0.1:{port}", "a_total") == 0, "the rate of a counter that stands still");
        var column = Columns(ingestion, $"127.0.0.1:{port}").First(column => column.Name == "a_total");
        column.Unit.ShouldBe("By/s");
        column.Canonical().ShouldBe("a_total{env=\"test\",job=\"test\",x=\"y\"}");
        File.Delete(tokens);
    }

    [Theory]
    [InlineData("targets.json", """[{"targets": ["T"], "labels": {"rack": "r1", "__metrics_path__": "/metrics"}}]""", """[{"targets": [""")]
    [InlineData("targets.yml", "- targets: ['T']\n  labels: {rack: r1}\n", "- targets: ['T'\n")]
    public async Task Targets_in_a_file_come_and_go_with_it_and_a_broken_file_changes_nothing(string name, string text, string broken)
    {
        var (one, two) = (FreePorts.Next(), FreePorts.Next());
        var folder = Directory.CreateTempSubdirectory("forewarn-targets-").FullName;
        var file = Path.Combine(folder, name);
        await File.WriteAllTextAsync(file, text.Replace("T", $"127.0.0.1:{one}", StringComparison.Ordinal), Token);
        await using var first = await TargetAsync(one, _ => Task.FromResult("b 1\n"));
        await using var second = await TargetAsync(two, _ => Task.FromResult("b 1\n"));
        await using var ingestion = await StartAsync([], $"--Ingestion:Scrape:Jobs:0:Files:0={Path.Combine(folder, "*" + Path.GetExtension(name))}");
        await Eventually.TrueAsync(() => Last(ingestion, $"127.0.0.1:{one}", "up") == 1, "the first target");
        Columns(ingestion, $"127.0.0.1:{one}").ShouldContain(column => column.Labels.Contains(KeyValuePair.Create("rack", "r1")));

        await File.WriteAllTextAsync(file, broken, Token);
        var rows = Rows(ingestion, $"127.0.0.1:{one}");
        await Eventually.TrueAsync(() => Rows(ingestion, $"127.0.0.1:{one}") > rows + 5, "the first target goes on");

        await File.WriteAllTextAsync(file, text.Replace("T", $"127.0.0.1:{two}", StringComparison.Ordinal), Token);
        await Eventually.TrueAsync(() => Last(ingestion, $"127.0.0.1:{two}", "up") == 1, "the second target");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_real_exporter_is_read_whole()
    {
        var port = FreePorts.Next();
        await using var exporter = await RealProgram.StartAsync("prometheus-node-exporter", new Dictionary<string, string>(StringComparer.Ordinal), $"--web.listen-address=127.0.0.1:{port}");
        await using var ingestion = await StartAsync([$"127.0.0.1:{port}"]);
        var entity = $"127.0.0.1:{port}";
        await Eventually.TrueAsync(() => Last(ingestion, entity, "node_cpu_seconds_total") is >= 0 and <= 1.5, "shares of processors");
        Last(ingestion, entity, "node_memory_MemTotal_bytes").ShouldNotBeNull().ShouldBeGreaterThan(1e6);
        using var http = new HttpClient();
        var exposed = (await http.GetStringAsync($"http://127.0.0.1:{port}/metrics", Token)).Split('\n').Count(line => line.Length > 0 && line[0] != '#');
        Last(ingestion, entity, "scrape_samples_scraped").ShouldNotBeNull().ShouldBeInRange(exposed - 20, exposed + 20);
    }

    [Fact]
    public async Task Prometheus_own_request_times_have_quantiles()
    {
        var port = FreePorts.Next();
        await using var prometheus = await RealProgram.StartAsync(
            "prometheus", new Dictionary<string, string>(StringComparer.Ordinal) { ["prometheus.yml"] = "global: {scrape_interval: 1h}\n" },
            "--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address=127.0.0.1:{port}");
        await using var ingestion = await StartAsync([$"127.0.0.1:{port}"]);
        // Our own scrapes are what it is asked; its bounds end at 120 s.
        var seen = new List<double>();
        await Eventually.TrueAsync(() =>
        {
            seen = [.. All(ingestion, $"127.0.0.1:{port}", "prometheus_http_request_duration_seconds.p95").Where(double.IsFinite)];
            return seen.Count >= 2;
        }, "the 95th percentile of two seconds");
        seen.ShouldAllBe(seconds => seconds > 0 && seconds < 10);
        Columns(ingestion, $"127.0.0.1:{port}").First(column => column.Name == "prometheus_http_request_duration_seconds.p95").Unit.ShouldBe("s");
    }

    [Fact]
    public async Task Another_replica_may_do_it()
    {
        var port = FreePorts.Next();
        await using var target = await TargetAsync(port, _ => Task.FromException<string>(new InvalidOperationException("nobody asks")));
        await using var ingestion = await StartAsync([$"127.0.0.1:{port}"], "--Ingestion:Scrape:Enabled=false");
        ingestion.Services.GetService(typeof(IEnumerable<Microsoft.Extensions.Hosting.IHostedService>)).ShouldBeAssignableTo<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>()!
            .ShouldNotContain(service => service is ScrapeJob);
    }

    static Task<RunningIngestion> StartAsync(string[] targets, params string[] more) => RunningIngestion.StartAsync(
        ["--Ingestion:Scrape:Jobs:0:Name=test", "--Ingestion:Scrape:Jobs:0:IntervalSeconds=1", .. targets.Select((target, i) => $"--Ingestion:Scrape:Jobs:0:Targets:{i}={target}"), .. more]);

    static async Task<WebApplication> TargetAsync(int port, Func<HttpContext, Task<string>> expose, string path = "/metrics")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.MapGet(path, async context => await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(await expose(context)), context.RequestAborted));
        await app.StartAsync(Token);
        return app;
    }

    static IReadOnlyList<Contracts.SeriesColumn> Columns(RunningIngestion ingestion, string entity) =>
        [.. ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity).SelectMany(batch => ingestion.Sidecar.Schema(batch.Schema).Columns)];

    static int Rows(RunningIngestion ingestion, string entity) => ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity).Sum(batch => batch.Rows.Count);

    /// <summary>All values of the series of this name.</summary>
    static IEnumerable<double> All(RunningIngestion ingestion, string entity, string name) =>
        ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity).SelectMany(batch => ingestion.Sidecar.Schema(batch.Schema).Columns
            .SelectMany((column, i) => column.Name == name ? batch.Rows.Select(row => row.Values[i]) : []));

    /// <summary>The newest value of the first series of this name; null when there is none.</summary>
    static double? Last(RunningIngestion ingestion, string entity, string name)
    {
        foreach (var batch in ingestion.Sidecar.Raw.Reverse().Where(batch => batch.Entity == entity))
        {
            var column = ingestion.Sidecar.Schema(batch.Schema).Columns.ToList().FindIndex(column => column.Name == name);
            if (column >= 0)
                return batch.Rows[^1].Values[column];
        }
        return null;
    }
}
