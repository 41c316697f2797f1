using Forewarn.Contracts;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

public sealed class PartitionTests : IAsyncLifetime
{
    HistoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await HistoryApp.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Fact]
    public async Task Partitions_lie_ready_before_their_day_begins()
    {
        Needs.Native(_app);

        (await _app.PartitionsAsync(Partitions.Ticks)).ShouldBe(["ticks_20260309", "ticks_20260310", "ticks_20260311", "ticks_20260312"]);
    }

    [Fact]
    public async Task Where_rows_lie_and_why_is_said_in_the_health_report()
    {
        using var client = _app.Client();

        var report = await client.GetStringAsync("/healthz/ready", TestContext.Current.CancellationToken);

        using var json = System.Text.Json.JsonDocument.Parse(report);
        json.RootElement.GetProperty("notes").GetProperty("storage").GetString().ShouldBe(_app.Storage);
        _app.Storage.ShouldMatch(@"^PostgreSQL \d+(\.\d+)?, (native partitions|TimescaleDB [\d.]+) \(.+\)$");
    }

    [Fact]
    public async Task A_late_row_gets_a_partition_and_one_older_than_the_retention_is_only_counted()
    {
        var schema = _app.Schema("a");
        var late = new MetricRow(HistoryApp.Now.AddDays(-9).ToUnixTimeMilliseconds(), [1]);
        var expired = new MetricRow(HistoryApp.Now.AddDays(-31).ToUnixTimeMilliseconds(), [2]);

        var count = await _app.StoreAsync(0, HistoryApp.Batch(schema, "late", "p", 1, expired, late));

        count.ShouldBe(new StoredCount(1, 1, 1));
        (await _app.ScalarAsync<double>("SELECT value FROM history.samples WHERE entity = 'late'")).ShouldBe(1);
    }

    [Fact]
    public async Task Days_beyond_the_retention_are_dropped_and_the_others_stay()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "old", "p", 1,
            new MetricRow(HistoryApp.Now.AddDays(-2).ToUnixTimeMilliseconds(), [1]), new MetricRow(HistoryApp.At(0), [2])));

        _app.Time.Advance(TimeSpan.FromDays(29));
        await _app.Get<Housekeeping>().RunAsync(TestContext.Current.CancellationToken);

        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.samples WHERE entity = 'old'")).ShouldBe(1);
        Needs.Native(_app);
        var names = await _app.PartitionsAsync(Partitions.Ticks);
        names.ShouldNotContain("ticks_20260308");
        names.ShouldContain("ticks_20260309");
        names.ShouldContain("ticks_20260410");
    }

    [Fact]
    public async Task A_partition_that_vanished_behind_our_back_is_made_again_on_redelivery()
    {
        Needs.Native(_app);
        var schema = _app.Schema("a");
        var batch = HistoryApp.Batch(schema, "gone", "p", 1, new MetricRow(HistoryApp.At(0), [1]));
        await _app.ExecuteAsync("DROP TABLE history.ticks_20260310, history.ticks_recent_2026031012");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _app.StoreAsync(0, batch));

        (await _app.StoreAsync(0, batch)).Rows.ShouldBe(1);
    }

    [Fact]
    public async Task Publishers_that_fell_silent_are_forgotten_and_hopeless_gaps_closed()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "w", "silent", 1, new MetricRow(HistoryApp.At(0), [1])));
        _app.Time.Advance(TimeSpan.FromDays(15));
        await _app.StoreAsync(0, Enumerable.Range(1, 70).Select(i => HistoryApp.Batch(
            schema, "w", "gappy", i * 2, new MetricRow(_app.Time.GetUtcNow().ToUnixTimeMilliseconds(), [1]))));
        _app.Time.Advance(TimeSpan.FromMinutes(1));

        await _app.Get<Housekeeping>().RunAsync(TestContext.Current.CancellationToken);

        (await _app.ScalarAsync<string>("SELECT string_agg(producer || applied, ',') FROM history.watermarks")).ShouldBe("gappy{[2,141)}");
    }
}
