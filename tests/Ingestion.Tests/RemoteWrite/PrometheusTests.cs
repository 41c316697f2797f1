using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using DevSidecar;

namespace Forewarn.Ingestion.Tests;

/// <summary>Debian's Prometheus writes what it scrapes of itself and of a node-exporter.</summary>
public sealed class PrometheusTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_holds_of_acknowledged_samples_is_published_though_the_receiver_restarts()
    {
        var (port, own, node) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        await using var exporter = await RealProgram.StartAsync("prometheus-node-exporter", new Dictionary<string, string>(StringComparer.Ordinal), $"--web.listen-address=127.0.0.1:{node}");
        await using var prometheus = await RealProgram.StartAsync(
            "prometheus", new Dictionary<string, string>(StringComparer.Ordinal) { ["prometheus.yml"] = Configuration(port, own, node) },
            "--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address=127.0.0.1:{own}");
        var received = new SortedSet<long>();
        await using (var first = await RunningIngestion.StartAsync($"--Ingestion:Port={port}"))
        {
            await Eventually.TrueAsync(() => Times(first, $"127.0.0.1:{node}").Count >= 4, "four scrapes have come");
            received.UnionWith(Times(first, $"127.0.0.1:{node}"));
            // With the settings of the README a scrape comes in one request, but for one that the deadline cuts now and then.
            var ticks = first.Sidecar.Raw.Where(batch => batch.Entity == $"127.0.0.1:{node}").SelectMany(batch => batch.Rows.Select(row => (row.T, batch.Stamps.Received))).ToLookup(row => row.T, row => row.Received);
            ticks.Count(tick => tick.Distinct().Count() == 1).ShouldBeGreaterThan(ticks.Count / 2);
            Units(first, $"127.0.0.1:{node}").ShouldContain("node_cpu_seconds_total 1");
        }
        var end = received.Max;
        await using var second = await RunningIngestion.StartAsync($"--Ingestion:Port={port}");
        await Eventually.TrueAsync(() => Times(second, $"127.0.0.1:{node}").Any(t => t > end + 4000), "what was scraped after the restart has come");

        received.UnionWith(Times(second, $"127.0.0.1:{node}"));
        var held = await HeldAsync(own, "node_load1[5m]");
        held.Where(t => t <= received.Max).ShouldBeSubsetOf(received);
        held.Count(t => t <= received.Max).ShouldBeGreaterThanOrEqualTo(8);
        second.Sidecar.Raw.ShouldContain(batch => batch.Entity == $"127.0.0.1:{own}");
    }

    static string Configuration(int port, int own, int node) => $$"""
        global:
          scrape_interval: 1s
        scrape_configs:
          - job_name: prometheus
            static_configs: [{targets: ['127.0.0.1:{{own}}']}]
          - job_name: node
            static_configs: [{targets: ['127.0.0.1:{{node}}']}]
        remote_write:
          - url: http://127.0.0.1:{{port}}/api/v1/write
            queue_config: {max_shards: 1, max_samples_per_send: 2000, batch_send_deadline: 100ms, retry_on_http_429: true}
        """;

    /// <summary>Times of which a load is published.</summary>
    static HashSet<long> Times(RunningIngestion ingestion, string entity)
    {
        var times = new HashSet<long>();
        foreach (var batch in ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity))
        {
            var column = ingestion.Sidecar.Schema(batch.Schema).Columns.ToList().FindIndex(one => one.Name == "node_load1");
            if (column >= 0)
                times.UnionWith(batch.Rows.Where(row => !double.IsNaN(row.Values[column])).Select(row => row.T));
        }
        return times;
    }

    static IEnumerable<string> Units(RunningIngestion ingestion, string entity) =>
        ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity).Select(batch => batch.Schema).Distinct(StringComparer.Ordinal)
            .SelectMany(schema => ingestion.Sidecar.Schema(schema).Columns).Select(column => $"{column.Name} {column.Unit}");

    /// <summary>Times of the samples in its own store.</summary>
    static async Task<List<long>> HeldAsync(int port, string query)
    {
        using var http = new HttpClient();
        var answer = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/api/v1/query?query={Uri.EscapeDataString(query)}", Token);
        return [.. answer.GetProperty("data").GetProperty("result")[0].GetProperty("values").EnumerateArray()
            .Select(pair => (long)Math.Round(decimal.Parse(pair[0].GetRawText(), CultureInfo.InvariantCulture) * 1000))];
    }
}
