using System.Text;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Npgsql;

namespace Forewarn.SystemTests;

/// <summary>
/// A platform that measures itself, watched by a real Prometheus with our rules, and in which everything happens that boards and rules
/// are about: faults, a limit ahead, a channel that takes nothing and one that does, data that is refused, wrong or cannot be read.
/// </summary>
public sealed class BoardPlatform : IAsyncLifetime
{
    public const string Entity = "sim-disk";

    /// <summary>The webhook's port is nobody's; the console takes all.</summary>
    const string Routing = """
        receivers:
        - name: all
          console: true
          webhook:
            binding: webhook
        routes:
        - name: all
          receivers: [all]
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-boards-").FullName;
    Platform? _platform;
    RealPrometheus? _prometheus;
    NpgsqlDataSource? _database;

    public Platform Platform => _platform!;
    public RealPrometheus Prometheus => _prometheus!;
    public NpgsqlDataSource Database => _database!;

    /// <summary>When all of it began.</summary>
    public DateTimeOffset Started { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var config = Path.Combine(_folder, "alerting.yaml");
        await File.WriteAllTextAsync(config, Routing);
        Started = TimeProvider.System.GetUtcNow().AddMinutes(-10);
        _platform = await Platform.StartAsync(environment: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_METRICS_EXPORTER"] = "prometheus",
            ["ALERTING__CONFIGFILE"] = config,
            ["FOREWARN_WEBHOOK_URL"] = $"http://127.0.0.1:{DevSidecar.FreePorts.Next()}",
            ["TRAINER__DRIFTHOURS"] = "1",
            ["TRAINER__DRIFTTICKS"] = "1000",
        });
        _database = NpgsqlDataSource.Create((await _platform.EnvironmentAsync(Apps.History))["ConnectionStrings__Forewarn"]);
        _prometheus = await RealPrometheus.StartAsync(
            $"""
            - job_name: forewarn
              file_sd_configs: [{"{"}files: ['{Path.Combine(_platform.Data, "run", "prometheus.json")}'], refresh_interval: 5s{"}"}]
            """,
            [.. Directory.EnumerateFiles(Path.Combine(Checkout.Root, "deploy", "prometheus", "rules"), "*.yaml")]);
        // Increases are counted from the first scrape on.
        if (_prometheus is not null)
            await _prometheus.UntilAsync("up == 1", seen => seen.Count(sample => sample["job"] == "forewarn-services") == 7 && seen.Count(sample => sample["job"] == "dapr") == 7);
        await HaveThingsHappenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null)
            await _prometheus.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        if (_platform is not null)
            await _platform.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    async Task HaveThingsHappenAsync()
    {
        await using var disk = Cli.Start(["simulate", "--fault", "disk-fill", "--entity", Entity, "--history", "15m", "--after", "10s", "--for", "150s", "--cooldown", "5s", "--ingest", Platform.Door().ToString(), "--seed", "3"]);
        await using var skew = Cli.Start(["simulate", "--fault", "clock-skew", "--entity", "sim-clock", "--history", "1m", "--after", "5s", "--for", "20s", "--cooldown", "5s", "--ingest", Platform.Door().ToString(), "--seed", "4"]);
        using var http = new HttpClient { BaseAddress = Platform.Door() };
        using (await http.PostAsync("/v1/metrics/json", new StringContent("{", Encoding.UTF8, "application/json")))
        {
            using var door = await DetectionDoor.OpenAsync(Platform);
            var nonsense = new FeatureBatch { Entity = "nonsense", Producer = "p", Seq = 1, Schema = "s", Spec = "f0", CadenceMs = 1000, Maturity = EntityMaturity.Cold, Ticks = [] };
            await door.PublishAsync(Components.Telemetry, Topics.MetricsFeatures, new Outgoing<FeatureBatch>("nonsense", "nonsense-1", nonsense), ContractJson.Default.FeatureBatch);
        }
        await disk.WaitAsync(TimeSpan.FromMinutes(6));
        await skew.WaitAsync(TimeSpan.FromMinutes(1));
        disk.ExitCode.ShouldBe(0, disk.Output);
    }
}
