using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Forewarn.Contracts;
using Forewarn.History.Endpoints;
using Forewarn.History.Ranges;
using Forewarn.History.Storage;
using Forewarn.History.Subscriptions;
using Forewarn.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Forewarn.History.Tests;

/// <summary>A database of its own on the server of <c>FOREWARN_TEST_POSTGRES</c>, and replicas of history on it.</summary>
sealed class HistoryApp : IAsyncDisposable
{
    /// <summary>Noon, so that a test's minutes lie within one day unless it says otherwise.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    readonly string _server;
    readonly string _name = "history_" + Guid.NewGuid().ToString("N");
    readonly List<WebApplication> _replicas = [];
    readonly ConcurrentDictionary<string, SeriesSchema> _schemas = new(StringComparer.Ordinal);

    HistoryApp(string server) => _server = server;

    public FakeTimeProvider Time { get; } = new(Now);

    /// <summary>
    /// What paces the work in the background: it stands still until a test lets it go on, because the hours and days that
    /// <see cref="Time"/> moves would otherwise be thousands of its turns.
    /// </summary>
    public FakeTimeProvider Pulse { get; } = new(Now);
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;
    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>Creates the database, without tables.</summary>
    public static async Task<HistoryApp> CreateAsync()
    {
        var server = Needs.Postgres();
        var app = new HistoryApp(server);
        await app.OnServerAsync($"CREATE DATABASE {app._name}");
        app.Database = NpgsqlDataSource.Create(app.ConnectionString);
        return app;
    }

    /// <summary>What the first replica says of where it stores.</summary>
    public string Storage => Get<StorageState>().Storage ?? "nothing is chosen";

    /// <summary>Creates the database and one replica that is ready.</summary>
    public static async Task<HistoryApp> StartAsync()
    {
        var app = await CreateAsync();
        await app.AddReplicaAsync();
        return app;
    }

    public async Task<WebApplication> AddReplicaAsync(params string[] settings)
    {
        var replica = Build(settings);
        _replicas.Add(replica);
        await replica.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => replica.Services.GetRequiredService<StorageState>().Migrated, "history to be ready");
        return replica;
    }

    public WebApplication Build(params string[] settings)
    {
        var builder = ServiceHost.Create([$"--ConnectionStrings:Forewarn={ConnectionString}", "--APP_PORT=0", "--SelfMetrics:Enabled=false", .. settings], Apps.History);
        builder.Logging.ClearProviders();
        builder.AddHistory();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
        builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(StorageService)));
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<StorageService>(services, (TimeProvider)Pulse));
        builder.Services.Replace(ServiceDescriptor.Singleton<SchemaSource>((hash, _) =>
            _schemas.TryGetValue(hash, out var schema) ? ValueTask.FromResult(schema) : throw new SchemaMissingException(hash)));
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapHistoryApi();
        app.MapHistorySubscriptions();
        return app;
    }

    public T Get<T>(int replica = 0)
        where T : notnull => _replicas[replica].Services.GetRequiredService<T>();

    public int Replicas => _replicas.Count;

    public HttpClient Client() => new() { BaseAddress = new Uri(_replicas[0].Urls.First()) };

    public SeriesSchema Schema(params string[] names) =>
        Schema([.. names.Select(name => SeriesColumn.Of(name, "1", new Dictionary<string, string> { ["cpu"] = "0" }))]);

    public SeriesSchema Schema(IReadOnlyList<SeriesColumn> columns)
    {
        var schema = SeriesSchema.Of(columns);
        return _schemas.GetOrAdd(schema.Hash, schema);
    }

    public async Task<StoredCount> StoreAsync(int replica, params IEnumerable<MetricBatch> batches)
    {
        var entries = new List<StreamEntry>();
        foreach (var batch in batches)
            entries.Add(new TickEntry(batch, (await Get<SchemaCatalog>(replica).GetAsync(batch.Schema, default)).Id));
        return await Get<DeliveryWriter>(replica).StoreAsync(StreamTable.Ticks, entries, TestContext.Current.CancellationToken);
    }

    public Task<StoredCount> StorePredictionsAsync(params IEnumerable<PredictionBatch> batches) =>
        Get<DeliveryWriter>().StoreAsync(StreamTable.Predictions, [.. batches.Select(batch => new PredictionEntry(batch))], TestContext.Current.CancellationToken);

    /// <summary>Rolls up all that is due, as a replica does that has just started.</summary>
    public async Task RollUpAsync(int replica = 0)
    {
        var roller = ActivatorUtilities.CreateInstance<Roller>(_replicas[replica].Services);
        for (var call = 0; !await roller.RunAsync(TestContext.Current.CancellationToken); call++)
            call.ShouldBeLessThan(200, "the roller comes to an end");
    }

    /// <summary>What a replica does whose clock shows a time after the beginning; the ones that run stay where they are.</summary>
    public async Task KeepHouseAsync(TimeSpan since)
    {
        var time = new FakeTimeProvider(Now + since);
        var roller = ActivatorUtilities.CreateInstance<Roller>(_replicas[0].Services, time);
        for (var call = 0; !await roller.RunAsync(TestContext.Current.CancellationToken); call++)
            call.ShouldBeLessThan(200, "the roller comes to an end");
        await ActivatorUtilities.CreateInstance<Housekeeping>(_replicas[0].Services, time).RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A series as charts get it: <c>seconds=mean</c>, without empty buckets.</summary>
    public async Task<string> MeansAsync(string entity, string series, double from, double to, long step)
    {
        var asked = RangeRequest.Parse(entity, series, At(from), At(to), step, scores: false);
        var result = await Get<RangeReader>().ReadAsync(asked, TestContext.Current.CancellationToken);
        return string.Join(' ', result.T.Zip(result.Series[0].Mean).Where(point => !double.IsNaN(point.Second))
            .Select(point => FormattableString.Invariant($"{(point.First - At(0)) / 1000}={point.Second}")));
    }

    /// <summary>How many transactions of the first replica's roller something takes.</summary>
    public async Task<int> CountStepsAsync(Func<Task> action)
    {
        var steps = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "forewarn.history.rollup.duration" && instrument.Meter.Scope == Get<IMeterFactory>())
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref steps));
        listener.Start();
        await action();
        return steps;
    }

    public async Task<IEnumerable<string>> PartitionsAsync(string table) =>
        (await Get<Partitions>().ListAsync(table, TestContext.Current.CancellationToken)).Select(partition => partition.Name);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Makes the database one that was never rolled up nor packed.</summary>
    public Task ForgetRollUpsAsync() => ExecuteAsync(
        """
        INSERT INTO history.ticks SELECT * FROM history.ticks_recent;
        INSERT INTO history.predictions SELECT * FROM history.predictions_recent;
        TRUNCATE history.ticks_recent, history.predictions_recent, history.roll_ups, history.late
        """);

    /// <summary>Has a table refuse rows, until its trigger <c>broken</c> is dropped.</summary>
    public Task RefuseAsync(string table, string rows) => ExecuteAsync($"""
        CREATE OR REPLACE FUNCTION history.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
        CREATE TRIGGER broken BEFORE INSERT ON history.{table} FOR EACH ROW WHEN ({rows}) EXECUTE FUNCTION history.refuse()
        """);

    public static MetricBatch Batch(SeriesSchema schema, string entity, string producer, long seq, params MetricRow[] rows) => new()
    {
        Entity = entity,
        Producer = producer,
        Seq = seq,
        Schema = schema.Hash,
        Source = "json",
        Rows = rows,
    };

    public static long At(double seconds) => Now.AddSeconds(seconds).ToUnixTimeMilliseconds();

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Ends all replicas.</summary>
    public async Task StopAsync()
    {
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        _replicas.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Database.DisposeAsync();
        await OnServerAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    async Task OnServerAsync(string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(_server) { Pooling = false };
        await using var server = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>One database and replica for the tests of a class, started by the first one that may run.</summary>
public sealed class SharedHistory : IAsyncDisposable
{
    HistoryApp? _app;

    internal async Task<HistoryApp> StartAsync() => _app ??= await HistoryApp.StartAsync();

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
