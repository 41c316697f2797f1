using DevSidecar;
using Forewarn.Contracts;
using Forewarn.History.Endpoints;
using Forewarn.History.Subscriptions;
using Forewarn.Hosting;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Forewarn.History.Tests;

/// <summary>History behind a sidecar with the platform's own component files: what a publisher is acknowledged ends in the tables.</summary>
public sealed class SidecarTests : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-history-").FullName;
    HistoryApp _database = null!;
    SidecarRuntime _runtime = null!;
    WebApplication _history = null!;
    WebApplication _publisher = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await HistoryApp.CreateAsync();
        var server = new Npgsql.NpgsqlConnectionStringBuilder(_database.ConnectionString);
        _runtime = await SidecarRuntime.StartAsync(new SidecarRuntimeOptions
        {
            ResourcesPaths = [Path.Combine(Checkout.Root, "components")],
            DataDirectory = Path.Combine(_folder, "log"),
            Environment = new Dictionary<string, string>
            {
                ["FOREWARN_STATE_CONNECTION"] = $"host={server.Host} port={server.Port} user={server.Username} password={server.Password} dbname={server.Database}",
                ["FOREWARN_MODEL_STORE"] = Path.Combine(_folder, "models"),
                ["FOREWARN_TRAIN_SCHEDULE"] = "@daily",
                ["FOREWARN_SMTP_HOST"] = "127.0.0.1",
                ["FOREWARN_SMTP_PORT"] = "25",
                ["FOREWARN_SLACK_API"] = "http://127.0.0.1:9",
                ["FOREWARN_SLACK_WEBHOOK"] = "http://127.0.0.1:9",
                ["FOREWARN_WEBHOOK_URL"] = "http://127.0.0.1:9",
                ["FOREWARN_ALERTMANAGER_URL"] = "http://127.0.0.1:9",
            },
        });
        _publisher = await StartAsync("publisher", 0, _ => { }, _ => { });
        _history = await StartAsync(Apps.History, FreePorts.Next(), builder => builder.AddHistory(), app =>
        {
            app.MapHistoryApi();
            app.MapHistorySubscriptions();
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_history is not null)
            await _history.DisposeAsync();
        if (_publisher is not null)
            await _publisher.DisposeAsync();
        if (_runtime is not null)
            await _runtime.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_published_is_stored_once_the_unstorable_moved_aside_and_an_outage_survived()
    {
        var schema = SeriesSchema.Of([SeriesColumn.Of("system.cpu.utilization", "1"), SeriesColumn.Of("system.memory.usage", "By")]);
        await _publisher.Services.GetRequiredService<SchemaRegistry>().PublishAsync(schema, TestContext.Current.CancellationToken);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        await PublishAsync(HistoryApp.Batch(schema, "host", "p", 1, new MetricRow(now, [0.5, 1])));
        await PublishAsync(HistoryApp.Batch(schema, "host", "p", 2, new MetricRow(now, [0.5])), HistoryApp.Batch(schema, "host", "p", 3, new MetricRow(now + 1, [0.6, 2])));
        await StoredAsync(4);

        await _database.ExecuteAsync("ALTER TABLE history.ticks RENAME TO away; ALTER TABLE history.ticks_recent RENAME TO away_too");
        await PublishAsync(HistoryApp.Batch(schema, "host", "p", 4, new MetricRow(now + 2, [0.7, 3])));
        await _database.ExecuteAsync("ALTER TABLE history.away RENAME TO ticks; ALTER TABLE history.away_too RENAME TO ticks_recent");
        await StoredAsync(6);

        using var http = new HttpClient { BaseAddress = _history.Services.GetRequiredService<SidecarEnvironment>().HttpEndpoint };
        var answer = await http.GetStringAsync($"/v1.0/invoke/history/method/v1/raw?entity=host&from={now}&to={now + 1000}", TestContext.Current.CancellationToken);
        var raw = System.Text.Json.JsonSerializer.Deserialize(answer, ContractJson.Default.RawRows)!;
        raw.Sets.ShouldHaveSingleItem().Rows.Select(row => row.Values[0]).ShouldBe([0.5, 0.6, 0.7]);

        var samples = await Pages.ReadAsync(
            http, $"/v1.0/invoke/history/method/v1/samples?entity=h*t&name=system.*.utilization&label=!cpu:*&label=!core:0&from={now}&to={now + 1000}", ContractJson.Default.SamplePage);
        samples.Sets.ShouldHaveSingleItem().Rows.Select(row => row.Value!.ShouldHaveSingleItem()).ShouldBe([0.5, 0.6, 0.7]);
    }

    async Task StoredAsync(long samples) => await Testing.Eventually.Async($"{samples} samples", TimeSpan.FromSeconds(60), async () =>
        await _database.ScalarAsync<bool>("SELECT to_regclass('history.samples') IS NOT NULL")
        && await _database.ScalarAsync<long>("SELECT count(*) FROM history.samples") == samples);

    Task PublishAsync(params MetricBatch[] batches) => _publisher.Services.GetRequiredService<KeyedPublisher>().PublishAsync(
        Components.Telemetry, Topics.MetricsRaw, [.. batches.Select(batch => new Outgoing<MetricBatch>(batch.Entity, $"{batch.Seq}", batch))],
        ContractJson.Default.MetricBatch, TestContext.Current.CancellationToken);

    async Task<WebApplication> StartAsync(string appId, int port, Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        var sidecar = await _runtime.AddAppAsync(new AppRegistration { AppId = appId, AppPort = port });
        var builder = ServiceHost.Create(
            [
                $"--APP_PORT={port}", $"--DAPR_HTTP_PORT={sidecar.HttpPort}", $"--DAPR_GRPC_PORT={sidecar.GrpcPort}",
                $"--ConnectionStrings:Forewarn={_database.ConnectionString}",
            ], appId);
        builder.Logging.ClearProviders();
        add(builder);
        var app = builder.Build();
        app.MapServiceDefaults();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
