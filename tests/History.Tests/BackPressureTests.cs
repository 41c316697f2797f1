using System.Net;
using System.Text;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.History.Storage;
using Forewarn.History.Subscriptions;

namespace Forewarn.History.Tests;

/// <summary>A PostgreSQL that is held up, then loses its connections, while far more deliveries come than there are connections.</summary>
public sealed class BackPressureTests : IAsyncLifetime
{
    const int Deliveries = 60, RowsEach = 50;

    static readonly int MostAtOnce = IntakeLimit.MostAtOnce(new HistoryOptions());

    HistoryApp _app = null!;
    HttpClient _client = null!;
    int _refused, _again, _stored;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await HistoryApp.StartAsync();
        _client = _app.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Fact]
    public async Task Few_deliveries_are_held_the_rest_stays_at_the_broker_and_each_row_is_stored_once()
    {
        var schema = _app.Schema("a");
        await using var blocker = await _app.Database.OpenConnectionAsync(Token);
        await using var block = await blocker.BeginTransactionAsync(Token);
        await using (var command = new Npgsql.NpgsqlCommand("LOCK TABLE history.ticks, history.ticks_recent IN ACCESS EXCLUSIVE MODE", blocker, block))
            await command.ExecuteNonQueryAsync(Token);

        var broker = Enumerable.Range(0, Deliveries).Select(i => DeliverUntilStoredAsync(Delivery(schema, i))).ToList();

        // What is neither being stored nor waiting is refused, at once and again and again.
        await Testing.Eventually.Async("all connections of the topic wait", TimeSpan.FromSeconds(30), async () => await WaitingAsync() == MostAtOnce);
        await Eventually.TrueAsync(() => Volatile.Read(ref _refused) >= 3 * Deliveries, "the rest to be refused");
        (await WaitingAsync()).ShouldBe(MostAtOnce);
        Volatile.Read(ref _stored).ShouldBe(0, "nothing is acknowledged before it is committed");
        (await _client.GetAsync("/v1/incidents", Token)).StatusCode.ShouldBe(HttpStatusCode.OK, "questions still have connections");

        // All are found before the first is ended: its end lets another one go on, which for a moment waits for nothing. Again until
        // it holds: who looks for a deadlock at the moment of the question is not seen waiting.
        await Testing.Eventually.Async("deliveries whose connection was lost are given back", TimeSpan.FromSeconds(30), async () =>
        {
            await _app.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM unnest(ARRAY(SELECT pid FROM pg_stat_activity WHERE {IsWaiting})) AS pid");
            return Volatile.Read(ref _again) >= MostAtOnce;
        });
        Volatile.Read(ref _stored).ShouldBe(0);
        await block.RollbackAsync(Token);
        await Task.WhenAll(broker);

        _stored.ShouldBe(Deliveries);
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.samples")).ShouldBe(Deliveries * RowsEach);
        (await _app.ScalarAsync<long>("SELECT count(*) FROM (SELECT DISTINCT entity, t FROM history.samples) d")).ShouldBe(Deliveries * RowsEach);
    }

    const string IsWaiting = "datname = current_database() AND application_name = 'forewarn-history' AND wait_event_type = 'Lock'";

    // The first one waits for the table, the others for their turn to claim; all hold the seal in its place, or wait for it.
    Task<long> WaitingAsync() => _app.ScalarAsync<long>(
        $"SELECT count(DISTINCT pid) FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE {IsWaiting} AND locktype = 'advisory' AND classid::bigint = {Seal.Lock} AND mode = 'ShareLock'");

    /// <summary>What a sidecar does: it delivers the same again until it is taken.</summary>
    async Task DeliverUntilStoredAsync(string delivery)
    {
        while (true)
        {
            using var body = new StringContent(delivery, Encoding.UTF8, "application/json");
            using var response = await _client.PostAsync($"/subscriptions/{Components.Telemetry}/{Topics.MetricsRaw}", body, Token);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Interlocked.Increment(ref _refused);
            }
            else
            {
                response.StatusCode.ShouldBe(HttpStatusCode.OK);
                if ((await response.Content.ReadAsStringAsync(Token)).Contains("SUCCESS", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _stored);
                    return;
                }
                Interlocked.Increment(ref _again);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), Token);
        }
    }

    static string Delivery(SeriesSchema schema, int number)
    {
        var batch = HistoryApp.Batch(schema, $"host-{number}", "p", 1, [.. Enumerable.Range(0, RowsEach).Select(i => new MetricRow(HistoryApp.At(i), [i]))]);
        var data = JsonSerializer.Serialize(batch, ContractJson.Default.MetricBatch);
        return $$$"""{"entries":[{"entryId":"{{{number}}}","event":{"data":{{{data}}} }}]}""";
    }
}
