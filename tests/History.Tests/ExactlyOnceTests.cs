using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.History.Tests;

public sealed class ExactlyOnceTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    HistoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await shared.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_delivery_that_comes_again_stores_nothing()
    {
        var schema = _app.Schema("a", "b");
        var batch = HistoryApp.Batch(schema, "host", "p1", 1, new MetricRow(HistoryApp.At(0), [1, double.NaN]));

        var first = await _app.StoreAsync(0, batch);
        var second = await _app.StoreAsync(0, batch, batch);

        first.ShouldBe(new StoredCount(1, 1));
        second.ShouldBe(new StoredCount(0, 0, 0, 2));
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.samples WHERE entity = 'host'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_comes_after_a_later_one_is_still_stored()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, Numbered(schema, "late", 1), Numbered(schema, "late", 3));

        (await _app.StoreAsync(0, Numbered(schema, "late", 2), Numbered(schema, "late", 3))).ShouldBe(new StoredCount(1, 1, 0, 1));
    }

    [Fact]
    public async Task Every_publisher_counts_for_itself()
    {
        var schema = _app.Schema("a");
        var row = new MetricRow(HistoryApp.At(0), [1]);

        await _app.StoreAsync(0, HistoryApp.Batch(schema, "shared", "p1", 1, row), HistoryApp.Batch(schema, "shared", "p2", 1, row));

        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.samples WHERE entity = 'shared'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_delivery_that_fails_midway_stores_nothing_and_the_next_attempt_all()
    {
        var schema = _app.Schema("a");
        foreach (var table in new[] { "ticks", "ticks_recent" })
            await _app.RefuseAsync(table, "NEW.values[1] = 13");
        var delivery = new[] { Numbered(schema, "torn", 12), Numbered(schema, "torn", 13) };
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _app.StoreAsync(0, delivery));
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.samples WHERE entity = 'torn'")).ShouldBe(0);

        await _app.ExecuteAsync("DROP TRIGGER broken ON history.ticks; DROP TRIGGER broken ON history.ticks_recent");
        (await _app.StoreAsync(0, delivery)).Rows.ShouldBe(2);
    }

    /// <summary>Two replicas get arbitrary, overlapping, repeated, reordered pieces of the same publishers at the same time.</summary>
    [Fact]
    public async Task Any_deliveries_to_two_replicas_at_once_store_each_sample_exactly_once()
    {
        await _app.AddReplicaAsync();
        var schema = _app.Schema("a");
        var round = 0;
        var piece = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[1, 8]).List[0, 12];

        await Gen.Select(piece.List[1, 6], piece.List[1, 6]).SampleAsync(async (one, two) =>
        {
            var prefix = $"r{Interlocked.Increment(ref round)}-";
            await Task.WhenAll(DeliverAsync(0, one, prefix, schema), DeliverAsync(1, two, prefix, schema));

            var expected = one.Concat(two).SelectMany(delivery => delivery).Distinct().LongCount();
            var stored = await _app.ScalarAsync<long>($"SELECT count(*) FROM history.samples WHERE entity LIKE '{prefix}%'");
            var distinct = await _app.ScalarAsync<long>($"SELECT count(*) FROM (SELECT DISTINCT entity, value FROM history.samples WHERE entity LIKE '{prefix}%') d");
            return stored == expected && distinct == expected;
        }, iter: 40, threads: 1);
    }

    async Task DeliverAsync(int replica, List<List<(int Entity, int Producer, int Seq)>> deliveries, string prefix, SeriesSchema schema)
    {
        foreach (var delivery in deliveries)
        {
            await _app.StoreAsync(replica, delivery.Select(message => HistoryApp.Batch(
                schema, $"{prefix}{message.Entity}", $"p{message.Producer}", message.Seq,
                new MetricRow(HistoryApp.At(message.Seq), [message.Producer * 100 + message.Seq]))));
        }
    }

    static MetricBatch Numbered(SeriesSchema schema, string entity, long seq) =>
        HistoryApp.Batch(schema, entity, "p", seq, new MetricRow(HistoryApp.At(seq), [seq]));
}
