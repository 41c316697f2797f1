using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Forewarn.Contracts;
using Npgsql;

namespace Forewarn.SystemTests;

/// <summary>Two of each service, one of each killed with -9 under load.</summary>
[Collection("3 replicas")]
public sealed class ReplicaTests(ITestOutputHelper output)
{
    static readonly string[] Services = ["history", "trainer", "alerting", "predictor", "stream-processor", "ingestion", "gateway"];
    const int LoadEntities = 20;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_no_incident_is_lost_or_doubled()
    {
        await using var database = await Database.CreateAsync();
        await using var platform = await Platform.StartAsync(
            [.. Services.SelectMany(service => new[] { "--replicas", $"{service}=2" })],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__Forewarn"] = database.ConnectionString });
        using var stop = new CancellationTokenSource();
        var load = new Load(platform);
        var sending = load.RunAsync(stop.Token);
        await using var fault = Cli.Start(
        [
            "simulate", "--fault", "cpu-saturation", "--entity", "sim-replicas", "--ingest", platform.Door().ToString().TrimEnd('/'),
            "--history", "10m", "--after", "35s", "--for", "45s", "--cooldown", "60s", "--seed", "11",
        ]);

        await KillOneOfEachAsync(platform);
        await fault.WaitAsync(TimeSpan.FromMinutes(5));
        fault.ExitCode.ShouldBe(0, fault.Output);
        await stop.CancelAsync();
        await sending;

        output.WriteLine($"acknowledged {load.Acknowledged} samples in {load.Requests} requests, {load.Failures} refused or cut off");
        await Eventually.Async("every acknowledged sample is stored exactly once", TimeSpan.FromSeconds(60),
            async () => await load.StoredAsync(database) >= load.Acknowledged,
            () => platform.Logs());
        (await load.LostAsync(database)).ShouldBeEmpty("an acknowledged sample is missing");
        (await load.DoubledAsync(database)).ShouldBe(0, "a sample is stored twice");
        await Eventually.Async("the incident is over", TimeSpan.FromSeconds(90),
            async () => await platform.IncidentsAsync("sim-replicas") is [.., { Status: IncidentStatus.Resolved }], platform.Logs);
        (await platform.IncidentsAsync("sim-replicas")).ShouldHaveSingleItem();
    }

    static async Task KillOneOfEachAsync(Platform platform)
    {
        foreach (var service in Services)
        {
            var victim = (await platform.LocalStatusAsync()).GetProperty("services").EnumerateArray()
                .First(entry => entry.GetProperty("name").GetString() == service && entry.GetProperty("replica").GetInt32() == 1);
            Signals.Send(victim.GetProperty("pid").GetInt32(), Signals.Kill);
            await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Every second one sample per entity with a number of its own, to both doors in turn; remembers what was acknowledged.</summary>
    sealed class Load(Platform platform)
    {
        readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
        readonly HashSet<(string Entity, long Number)> _acknowledged = [];

        public int Acknowledged => _acknowledged.Count;
        public int Requests { get; private set; }
        public int Failures { get; private set; }

        public async Task RunAsync(CancellationToken stop)
        {
            for (var number = 1L; !stop.IsCancellationRequested; number++)
            {
                await SendAsync(number);
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
        }

        public async Task<long> StoredAsync(Database database) => await database.ScalarAsync(
            "select count(distinct (entity, value)) from history.samples where name = 'load.number'");

        public async Task<List<string>> LostAsync(Database database)
        {
            var stored = await database.PairsAsync("select entity, value from history.samples where name = 'load.number'");
            return [.. _acknowledged.Where(sent => !stored.Contains(sent)).Select(sent => $"{sent.Entity}: {sent.Number}").Take(10)];
        }

        public async Task<long> DoubledAsync(Database database) => await database.ScalarAsync(
            "select count(*) from (select 1 from history.samples where name = 'load.number' group by entity, t, value having count(*) > 1) doubled");

        async Task SendAsync(long number)
        {
            var batches = Enumerable.Range(0, LoadEntities).Select(index => new ExternalBatch
            {
                Entity = $"load-{index}",
                Series = [new ExternalSeries("load.number", "{number}")],
                Rows = [new ExternalRow([number])],
            }).ToArray();
            Requests++;
            try
            {
                using var response = await _http.PostAsJsonAsync(
                    new Uri(platform.Door((int)(number % 2)), "/v1/metrics/json"), batches, ContractJson.Default.ExternalBatchArray);
                if (response.IsSuccessStatusCode)
                    _acknowledged.UnionWith(batches.Select(batch => (batch.Entity, number)));
                else
                    Failures++;
            }
            catch (Exception cut) when (cut is HttpRequestException or TaskCanceledException)
            {
                Failures++;
            }
        }
    }

    /// <summary>A database of its own on the server of the test run.</summary>
    sealed class Database(string connectionString, string adminConnectionString, string name) : IAsyncDisposable
    {
        public string ConnectionString => connectionString;

        public static async Task<Database> CreateAsync()
        {
            var server = Environment.GetEnvironmentVariable("FOREWARN_TEST_POSTGRES");
            if (string.IsNullOrWhiteSpace(server))
                Assert.Skip("FOREWARN_TEST_POSTGRES names no server; `./forewarn test` starts one.");
            var name = $"forewarn_system_{Guid.NewGuid():N}";
            await using var admin = NpgsqlDataSource.Create(server);
            await using var create = admin.CreateCommand($"create database {name}");
            await create.ExecuteNonQueryAsync();
            return new Database(new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString, server, name);
        }

        public async Task<long> ScalarAsync(string sql)
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var command = source.CreateCommand(sql);
            return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }

        public async Task<HashSet<(string, long)>> PairsAsync(string sql)
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var command = source.CreateCommand(sql);
            await using var reader = await command.ExecuteReaderAsync();
            var pairs = new HashSet<(string, long)>();
            while (await reader.ReadAsync())
                pairs.Add((reader.GetString(0), (long)reader.GetDouble(1)));
            return pairs;
        }

        public async ValueTask DisposeAsync()
        {
            NpgsqlConnection.ClearAllPools();
            await using var admin = NpgsqlDataSource.Create(adminConnectionString);
            await using var drop = admin.CreateCommand($"drop database if exists {name} with (force)");
            await drop.ExecuteNonQueryAsync();
        }
    }
}
