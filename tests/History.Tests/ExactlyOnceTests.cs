using CsCheck;
using Forewarn.Contracts;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

public sealed class ExactlyOnceTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    HistoryApp _app = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task What_a_replica_stored_is_known_to_the_one_that_takes_over_and_to_the_first_when_it_comes_back()
    {
        var replica = await AddReplicaAsync();
        var schema = _app.Schema("a");
        MetricBatch[] all = [Numbered(schema, "moving", 1), Numbered(schema, "moving", 2), Numbered(schema, "moving", 3)];

        (await _app.StoreAsync(0, all[0])).Rows.ShouldBe(1);
        (await _app.StoreAsync(replica, all[..2])).ShouldBe(new StoredCount(1, 1, 0, 1));
        (await _app.StoreAsync(0, all)).ShouldBe(new StoredCount(1, 1, 0, 2));
        (await _app.StoreAsync(replica, all)).ShouldBe(new StoredCount(0, 0, 0, 3));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replica_that_starts_with_nothing_in_memory_knows_what_is_stored(bool folded)
    {
        var schema = _app.Schema("a");
        var entity = $"restart-{folded}";
        await _app.StoreAsync(0, Numbered(schema, entity, 1), Numbered(schema, entity, 2), Numbered(schema, entity, 4));
        if (folded)
            await _app.Get<Watermarks>().FoldAsync(Token);

        var restarted = await AddReplicaAsync();

        (await _app.StoreAsync(restarted, Enumerable.Range(1, 4).Select(seq => Numbered(schema, entity, seq)))).ShouldBe(new StoredCount(1, 1, 0, 3));
    }

    [Fact]
    public async Task A_delivery_whose_commit_was_not_answered_is_not_stored_again()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, Numbered(schema, "unanswered", 1));
        (int, EntityMessage)[] message = [(_app.Get<EntityCatalog>()["unanswered"], Numbered(schema, "unanswered", 2))];
        await using (var connection = await _app.Database.OpenConnectionAsync(Token))
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            using var admission = await _app.Get<Watermarks>().AdmitAsync(connection, StreamTable.Ticks.Stream, message, claim: false, Token);
            admission!.Fresh.ShouldBe([true]);
            (await new Npgsql.NpgsqlCommand("SHOW idle_in_transaction_session_timeout", connection).ExecuteScalarAsync(Token))
                .ShouldBe("1min", "a replica that stands still here keeps nobody from claiming for ever");
            await admission.NoteAsync(connection, Token);
            await transaction.CommitAsync(Token);
            // The connection breaks before the answer: nobody calls Committed.
        }

        (await _app.StoreAsync(0, Numbered(schema, "unanswered", 2))).ShouldBe(new StoredCount(0, 0, 0, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_is_being_stored_is_waited_for(bool committed)
    {
        var schema = _app.Schema("a");
        var entity = $"twice-{committed}";
        await _app.StoreAsync(0, Numbered(schema, entity, 1));
        (int, EntityMessage)[] message = [(_app.Get<EntityCatalog>()[entity], Numbered(schema, entity, 2))];
        var connection = await _app.Database.OpenConnectionAsync(Token);
        var transaction = await connection.BeginTransactionAsync(Token);
        var admission = (await _app.Get<Watermarks>().AdmitAsync(connection, StreamTable.Ticks.Stream, message, claim: false, Token))!;

        var again = _app.StoreAsync(0, Numbered(schema, entity, 2), Numbered(schema, entity, 3));
        await _app.StoreAsync(0, Numbered(schema, entity, 4));
        again.IsCompleted.ShouldBeFalse("the other transaction has not ended");
        await admission.NoteAsync(connection, Token);
        if (committed)
        {
            await transaction.CommitAsync(Token);
            admission.Committed();
        }
        admission.Dispose();
        await transaction.DisposeAsync();
        await connection.DisposeAsync();

        (await again).ShouldBe(committed ? new StoredCount(1, 1, 0, 1) : new StoredCount(2, 2));
    }

    [Fact]
    public async Task A_publisher_that_was_forgotten_is_claimed_again_by_who_remembers_it()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, Numbered(schema, "forgotten", 1));
        await _app.Get<Watermarks>().TidyAsync(_app.Time.GetUtcNow().AddSeconds(1), 64, Token);
        (await Applied("forgotten")).ShouldBe("none");

        (await _app.StoreAsync(0, Numbered(schema, "forgotten", 2))).Rows.ShouldBe(1);

        await _app.Get<Watermarks>().FoldAsync(Token);
        (await Applied("forgotten")).ShouldBe("{[2,3)}");
    }

    [Fact]
    public void A_set_of_sequence_numbers_holds_what_was_added() =>
        Gen.Select(Gen.Long[1, 40], Gen.Long[0, 6]).List[0, 30].Sample(runs =>
        {
            var (ranges, naive) = (new SequenceRanges(), new HashSet<long>());
            foreach (var (low, length) in runs)
            {
                ranges.Add(low, low + length);
                naive.UnionWith(Enumerable.Range((int)low, (int)length + 1).Select(seq => (long)seq));
            }
            return Enumerable.Range(0, 50).All(seq => ranges.Contains(seq) == naive.Contains(seq));
        });

    /// <summary>
    /// Two replicas get arbitrary, overlapping, repeated, reordered pieces of the same publishers at the same time, one of them
    /// two deliveries at once, while what they noted is folded.
    /// </summary>
    [Fact]
    public async Task Any_deliveries_to_two_replicas_at_once_store_each_sample_exactly_once()
    {
        var replica = await AddReplicaAsync();
        var schema = _app.Schema("a");
        var round = 0;
        var piece = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[1, 8]).List[0, 12];

        await Gen.Select(piece.List[1, 6], piece.List[1, 6], piece.List[1, 6]).SampleAsync(async (one, two, three) =>
        {
            var prefix = $"r{Interlocked.Increment(ref round)}-";
            await Task.WhenAll(
                DeliverAsync(0, one, prefix, schema), DeliverAsync(replica, two, prefix, schema), DeliverAsync(0, three, prefix, schema),
                _app.Get<Watermarks>(replica).FoldAsync(Token));

            var expected = one.Concat(two).Concat(three).SelectMany(delivery => delivery).Distinct().LongCount();
            var stored = await _app.ScalarAsync<long>($"SELECT count(*) FROM history.samples WHERE entity LIKE '{prefix}%'");
            var distinct = await _app.ScalarAsync<long>($"SELECT count(*) FROM (SELECT DISTINCT entity, value FROM history.samples WHERE entity LIKE '{prefix}%') d");
            return stored == expected && distinct == expected;
        }, iter: 40, threads: 1);
    }

    async Task<int> AddReplicaAsync()
    {
        await _app.AddReplicaAsync();
        return _app.Replicas - 1;
    }

    Task<string> Applied(string entity) => _app.ScalarAsync<string>($"""
        SELECT coalesce((SELECT string_agg(w.applied::text, ',') FROM history.watermarks w JOIN history.entities e ON e.id = w.entity WHERE e.name = '{entity}'), 'none')
        """);

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
