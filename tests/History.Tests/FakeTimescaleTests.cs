using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Storage;
using Forewarn.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.History.Tests;

/// <summary>
/// Our statements against functions that have TimescaleDB's signatures: they are parsed, bound and called in the right
/// order. What the real one does with them is tested by <see cref="TimescaleTests"/>, where there is one.
/// </summary>
public sealed class FakeTimescaleTests : IAsyncLifetime
{
    static readonly string Fake = Path.Combine(Checkout.Root, "tests", "History.Tests", "FakeTimescale.sql");
    static readonly string Conversion = Path.Combine(Checkout.Root, "services", "history", "convert-to-timescaledb.sql");

    HistoryApp _app = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await HistoryApp.CreateAsync();
        Assert.SkipUnless(await _app.ScalarAsync<bool>("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"), "only a superuser can feign an extension");
        Assert.SkipWhen(await _app.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') OR EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')"),
            "the server has the real one, or the fake in its template");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_database_gets_hypertables_once_also_from_two_replicas_at_once()
    {
        await InstallAsync();

        await Task.WhenAll(_app.AddReplicaAsync(), _app.AddReplicaAsync());
        await _app.AddReplicaAsync();

        _app.Storage.ShouldMatch(@"^PostgreSQL [\d.]+, TimescaleDB 2\.20\.1 \(chunks, compression\)$");
        (await _app.ScalarAsync<string>("SELECT string_agg(name || ' ' || width, ', ' ORDER BY name::text) FROM _timescaledb_internal.hypertables")).ShouldBe(
            "history.outlooks 1 day, history.predictions 1 day, history.predictions_10s 1 day, history.predictions_1h 30 days, history.predictions_1m 1 day, "
            + "history.ticks 1 day, history.ticks_10s 1 day, history.ticks_1h 30 days, history.ticks_1m 1 day");
        (await PoliciesAsync()).ShouldBe(
            "history.outlooks 7 days, history.predictions 7 days, history.predictions_10s 3 days, history.predictions_1h 7 days, history.predictions_1m 7 days, "
            + "history.ticks 7 days, history.ticks_10s 3 days, history.ticks_1h 7 days, history.ticks_1m 7 days");
        (await _app.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relkind = 'p'")).ShouldBe(0);
    }

    [Fact]
    public async Task Another_setting_changes_the_policies_at_the_next_start()
    {
        await InstallAsync();
        await _app.AddReplicaAsync();
        await _app.StopAsync();

        await _app.AddReplicaAsync("--History:CompressAfterDays=2");

        (await PoliciesAsync()).ShouldStartWith("history.outlooks 2 days, history.predictions 2 days, history.predictions_10s 2 days,");
    }

    [Fact]
    public async Task The_edition_that_cannot_compress_is_not_asked_to()
    {
        await InstallAsync();
        await _app.ExecuteAsync("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timescaledb.license = apache', current_database()); END $$");

        await _app.AddReplicaAsync();

        _app.Storage.ShouldEndWith("(chunks, without compression: timescaledb.license is apache)");
        (await _app.ScalarAsync<long>("SELECT count(*) FROM _timescaledb_internal.policies")).ShouldBe(0);
    }

    [Fact]
    public async Task What_retention_drops_is_noted_first_and_coarser_levels_answer()
    {
        await InstallAsync();
        await _app.AddReplicaAsync();
        await StoreAsync(1, (0, 1), (61, 3), (3_600, 5));
        _app.Time.Advance(TimeSpan.FromHours(2));
        await _app.RollUpAsync();

        await _app.KeepHouseAsync(TimeSpan.FromDays(10));
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.ticks_10s")).ShouldBe(0);
        (await MeansAsync(70, 10_000)).ShouldBe("0=1 60=3");

        await _app.KeepHouseAsync(TimeSpan.FromDays(40));
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.ticks")).ShouldBe(0);
        (await MeansAsync(7_200, 10_000)).ShouldBe("0=1 60=3 3600=5");

        await _app.KeepHouseAsync(TimeSpan.FromDays(100));
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.ticks_1m")).ShouldBe(0);
        (await MeansAsync(7_200, 60_000)).ShouldBe("0=2 3600=5");

        await _app.KeepHouseAsync(TimeSpan.FromDays(800));
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.ticks_1h")).ShouldBe(0);
    }

    /// <summary>Chunks of hours begin anywhere in a month: what lies in the one that stays is still answered.</summary>
    [Fact]
    public async Task A_chunk_that_holds_the_end_of_retention_stays_and_counts_as_kept()
    {
        await InstallAsync();
        await _app.AddReplicaAsync();
        await StoreAsync(1, (0, 1));
        _app.Time.Advance(TimeSpan.FromHours(2));
        await _app.RollUpAsync();
        var chunk = (await _app.Get<Partitions>().ListAsync("ticks_1h", Token)).ShouldHaveSingleItem();

        var within = Partitions.DayOf(chunk.To - 1);
        (await _app.Get<Partitions>().KeptFromAsync("ticks_1h", within, Token)).ShouldBe(chunk.From);
        (await _app.Get<Partitions>().DropBeforeAsync("ticks_1h", within, Token)).ShouldBeEmpty();

        var after = within.AddDays(1);
        (await _app.Get<Partitions>().KeptFromAsync("ticks_1h", after, Token)).ShouldBe(Partitions.BeginOf(after));
        (await _app.Get<Partitions>().DropBeforeAsync("ticks_1h", after, Token)).ShouldHaveSingleItem();
    }

    [Fact]
    public void Rows_are_compressed_before_they_are_dropped()
    {
        var options = new HistoryOptions();
        options.DaysPerLevel.Select(days => Hypertables.CompressAfter(options, days)).ShouldBe([7, 3, 7, 7]);
        Hypertables.CompressAfter(new HistoryOptions(), days: 1).ShouldBe(1);
    }

    [Fact]
    public async Task A_database_with_native_partitions_stays_so_until_somebody_converts_it_and_loses_nothing_then()
    {
        await _app.AddReplicaAsync();
        await StoreAsync(1, (0, 1), (61, 3));
        await InstallAsync();
        await _app.AddReplicaAsync();
        await _app.RollUpAsync();
        _app.Get<StorageState>(1).Storage.ShouldNotBeNull().ShouldEndWith(
            "native partitions (the database already holds them; services/history/README.md says how to convert it to TimescaleDB)");
        _app.Time.Advance(TimeSpan.FromHours(2));
        await _app.RollUpAsync();
        (await _app.ScalarAsync<string>("SELECT string_agg(cardinality(offsets)::text, ' ') FROM history.ticks_packed")).ShouldBe("1 1");
        await _app.StopAsync();

        await _app.ExecuteAsync(await File.ReadAllTextAsync(Conversion, Token));

        await _app.AddReplicaAsync();
        _app.Storage.ShouldContain("TimescaleDB 2.20.1");
        (await _app.StoreAsync(0, Message(1, (0, 1), (61, 3)))).Duplicates.ShouldBe(1);
        await StoreAsync(2, (62, 5));
        (await MeansAsync(7_200, 3_600_000)).ShouldBe("0=3");
        (await _app.ScalarAsync<string>("SELECT string_agg(value::text, ' ' ORDER BY t) FROM history.samples")).ShouldBe("1 3 5");
        (await _app.ScalarAsync<string>("SELECT mean || ' ' || count FROM history.samples_1h")).ShouldBe("2 2");
        await _app.RollUpAsync();
        (await _app.ScalarAsync<string>("SELECT mean || ' ' || count FROM history.samples_1h")).ShouldBe("3 3", "rows that were packed are rolled up again");
        await Should.ThrowAsync<Npgsql.PostgresException>(async () => await _app.ExecuteAsync(await File.ReadAllTextAsync(Conversion, Token)));
    }

    [Fact]
    public async Task Without_it_history_is_not_ready_when_it_is_required_and_says_what_to_do()
    {
        await using var replica = _app.Build("--History:Timescale=Required");
        await replica.StartAsync(Token);
        var state = replica.Services.GetRequiredService<StorageState>();

        await Eventually.TrueAsync(() => state.NotReadyBecause?.Contains("HISTORY__TIMESCALE is Required", StringComparison.Ordinal) == true, "the refusal");
        state.NotReadyBecause.ShouldNotBeNull().ShouldContain("shared_preload_libraries");
        (await _app.ScalarAsync<bool>("SELECT to_regnamespace('history') IS NULL")).ShouldBeTrue();

        await InstallAsync();
        await Eventually.TrueAsync(() =>
        {
            _app.Pulse.Advance(TimeSpan.FromSeconds(1));
            return state.NotReadyBecause is null;
        }, "history to go on once it is there");
    }

    Task<string> PoliciesAsync() =>
        _app.ScalarAsync<string>("SELECT string_agg(name || ' ' || age, ', ' ORDER BY name::text) FROM _timescaledb_internal.policies");

    async Task InstallAsync() => await _app.ExecuteAsync(await File.ReadAllTextAsync(Fake, Token));

    MetricBatch Message(long seq, params (double Seconds, double Value)[] rows) =>
        HistoryApp.Batch(_app.Schema("a"), "e", "p", seq, [.. rows.Select(row => new MetricRow(HistoryApp.At(row.Seconds), [row.Value]))]);

    Task<StoredCount> StoreAsync(long seq, params (double, double)[] rows) => _app.StoreAsync(0, Message(seq, rows));

    Task<string> MeansAsync(double to, long step) => _app.MeansAsync("e", _app.Schema("a").Columns[0].Id, 0, to, step);
}
