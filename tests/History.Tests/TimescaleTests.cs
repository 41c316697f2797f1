using Forewarn.Contracts;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

/// <summary>What TimescaleDB does with the tables of history, where <c>FOREWARN_TEST_POSTGRES</c> names a server that has it.</summary>
public sealed class TimescaleTests : IAsyncLifetime
{
    HistoryApp _app = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await HistoryApp.StartAsync();
        Needs.Timescale(_app);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Fact]
    public async Task Rows_lie_in_chunks_of_a_day_and_hours_of_thirty()
    {
        await StoreAsync(1, (0, 1), (-86_400, 2));
        await RollUpAsync();

        var days = await _app.Get<Partitions>().ListAsync(Partitions.Ticks, Token);
        days.Select(chunk => (chunk.From, chunk.To)).ShouldBe(
            [(HistoryApp.At(-129_600), HistoryApp.At(-43_200)), (HistoryApp.At(-43_200), HistoryApp.At(43_200))]);
        var month = (await _app.Get<Partitions>().ListAsync("ticks_1h", Token))[0];
        (month.To - month.From).ShouldBe(30 * 86_400_000L);
    }

    [Fact]
    public async Task Every_table_is_compressed_by_a_policy()
    {
        (await _app.ScalarAsync<string>("""
            SELECT string_agg(hypertable_name || ' ' || (config ->> 'compress_after'), ', ' ORDER BY hypertable_name)
            FROM timescaledb_information.jobs WHERE hypertable_schema = 'history' AND config ? 'compress_after'
            """)).ShouldBe(
            "predictions 7 days, predictions_10s 3 days, predictions_1h 7 days, predictions_1m 7 days, "
            + "ticks 7 days, ticks_10s 3 days, ticks_1h 7 days, ticks_1m 7 days");
    }

    [Fact]
    public async Task Another_setting_changes_the_policy_at_the_next_start()
    {
        await _app.StopAsync();
        await _app.AddReplicaAsync("--History:CompressAfterDays=2");

        (await _app.ScalarAsync<string>("SELECT config ->> 'compress_after' FROM timescaledb_information.jobs WHERE hypertable_name = 'ticks' AND config ? 'compress_after'"))
            .ShouldBe("2 days");
    }

    [Fact]
    public async Task Chunks_beyond_the_retention_are_dropped_and_the_others_stay()
    {
        await StoreAsync(1, (0, 1), (-2 * 86_400, 2));
        await RollUpAsync();

        await _app.KeepHouseAsync(TimeSpan.FromDays(29));

        (await _app.ScalarAsync<string>("SELECT string_agg(value::text, ' ') FROM history.samples")).ShouldBe("1");
        (await _app.Get<Partitions>().ListAsync(Partitions.Ticks, Token)).ShouldHaveSingleItem();
        (await MeansAsync()).ShouldBe("-172800=2 0=1");
    }

    [Fact]
    public async Task Late_rows_change_compressed_chunks_of_all_levels()
    {
        await StoreAsync(1, (0, 1), (1, 3));
        await _app.StorePredictionsAsync(Verdict(1, 0, 0.5, false));
        await RollUpAsync();
        await CompressAsync();

        await StoreAsync(2, (2, 8));
        await _app.StorePredictionsAsync(Verdict(2, 1, 1e-6, true));
        (await MeansAsync()).ShouldBe("0=4");
        await RollUpAsync();

        foreach (var level in new[] { "10s", "1m", "1h" })
        {
            (await _app.ScalarAsync<string>($"SELECT min || ' ' || max || ' ' || mean || ' ' || count FROM history.samples_{level}")).ShouldBe("1 8 4 3", level);
            (await _app.ScalarAsync<string>($"SELECT anomalies || ' ' || ticks || ' ' || p FROM history.scores_{level}")).ShouldBe("1 2 1e-06", level);
        }
        (await _app.ScalarAsync<string>("SELECT string_agg(value::text, ' ' ORDER BY t) FROM history.samples")).ShouldBe("1 3 8");
    }

    [Fact]
    public async Task More_rows_than_may_be_unpacked_as_a_rule_do_not_stop_a_late_one()
    {
        await _app.ExecuteAsync("""
            INSERT INTO history.ticks_10s SELECT to_timestamp(1773144000) + i * interval '10 ms', 1, 1, '{1}', '{1}', '{1}', '{1}' FROM generate_series(1, 150000) i
            """);
        await StoreAsync(1, (0, 1));
        await RollUpAsync();
        await CompressAsync();

        await StoreAsync(2, (1, 3));
        await RollUpAsync();

        (await _app.ScalarAsync<string>("SELECT mean || ' ' || count FROM history.samples_1m")).ShouldBe("2 2");
    }

    /// <summary>What the policy does when the time has come.</summary>
    async Task CompressAsync()
    {
        Assert.SkipUnless(await _app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'compress_chunk')"), "compressed chunks cannot be feigned");
        foreach (var table in StreamTable.All.SelectMany(table => new[] { "", "_10s", "_1m", "_1h" }.Select(level => table.Name + level)))
            await _app.ExecuteAsync($"SELECT compress_chunk(c)::text FROM show_chunks('history.{table}') c");
        (await _app.ScalarAsync<bool>("SELECT bool_and(is_compressed) FROM timescaledb_information.chunks WHERE hypertable_schema = 'history'")).ShouldBeTrue();
    }

    async Task RollUpAsync()
    {
        _app.Time.Advance(TimeSpan.FromHours(2));
        await _app.RollUpAsync();
    }

    Task<StoredCount> StoreAsync(long seq, params (double Seconds, double Value)[] rows) => _app.StoreAsync(0, HistoryApp.Batch(
        _app.Schema("a"), "e", "p", seq, [.. rows.Select(row => new MetricRow(HistoryApp.At(row.Seconds), [row.Value]))]));

    Task<string> MeansAsync() => _app.MeansAsync("e", _app.Schema("a").Columns[0].Id, -3 * 86_400, 3_600, 3_600_000);

    static PredictionBatch Verdict(long seq, double seconds, double p, bool anomalous) => new()
    {
        Entity = "e",
        Producer = "p",
        Seq = seq,
        Schema = "s",
        Model = "m",
        CadenceMs = 1_000,
        Maturity = EntityMaturity.Warm,
        Ticks = [new PredictionTick { T = HistoryApp.At(seconds), Score = 0.5f, P = p, Anomalous = anomalous }],
    };
}
