using Forewarn.History.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Forewarn.History.Tests;

public sealed class MigrationTests : IAsyncLifetime
{
    HistoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await HistoryApp.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Fact]
    public async Task Applying_twice_changes_nothing_the_second_time()
    {
        var first = await ApplyAsync();
        var second = await ApplyAsync();

        first.Applied.ShouldBeGreaterThan(0);
        second.ShouldBe((0, first.Version));
    }

    [Fact]
    public async Task Starters_at_the_same_time_apply_each_migration_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            Task.Run(() => ApplyAsync())));

        results.Count(result => result.Applied > 0).ShouldBe(1);
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.migrations")).ShouldBe(results.Sum(result => result.Applied));
    }

    [Fact]
    public async Task A_migration_that_was_changed_after_it_was_applied_is_refused_by_name()
    {
        await ApplyAsync();
        await _app.ExecuteAsync("UPDATE history.migrations SET checksum = 'other' WHERE version = 1");

        var refused = await Should.ThrowAsync<MigrationException>(() => ApplyAsync());

        refused.Message.ShouldContain("0001_history");
    }

    [Fact]
    public async Task A_database_that_a_newer_program_has_used_is_refused_and_left_as_it_is()
    {
        var (_, version) = await ApplyAsync();
        await _app.ExecuteAsync($"INSERT INTO history.migrations VALUES ({version + 1}, '0099_future.sql', 'x', now()); DELETE FROM history.migrations WHERE version = {version}");

        var refused = await Should.ThrowAsync<MigrationException>(() => ApplyAsync());

        refused.Message.ShouldContain("0099_future.sql");
        refused.Message.ShouldContain($"this program's newest is {version}");
        (await _app.ScalarAsync<bool>($"SELECT bool_or(version = {version}) FROM history.migrations")).ShouldBeFalse("nothing is applied on top");
    }

    [Fact]
    public async Task History_on_such_a_database_is_not_ready_and_says_why_until_it_is_mended()
    {
        var (_, version) = await ApplyAsync();
        await _app.ExecuteAsync($"INSERT INTO history.migrations VALUES ({version + 1}, '0099_future.sql', 'x', now())");

        await using var replica = _app.Build();
        await replica.StartAsync(TestContext.Current.CancellationToken);
        var state = replica.Services.GetRequiredService<StorageState>();
        await Eventually.TrueAsync(() => state.NotReadyBecause?.Contains("0099_future.sql", StringComparison.Ordinal) == true, "it says what is wrong");
        state.Migrated.ShouldBeFalse();

        await _app.ExecuteAsync($"DELETE FROM history.migrations WHERE version = {version + 1}");
        await Eventually.TrueAsync(
            () =>
            {
                _app.Pulse.Advance(TimeSpan.FromSeconds(1));
                return state.Migrated;
            },
            "history to be ready");
    }

    [Fact]
    public async Task A_failed_migration_leaves_nothing_and_the_next_start_completes_it()
    {
        await _app.ExecuteAsync("CREATE SCHEMA history; CREATE TABLE history.incidents (x int)");
        await Should.ThrowAsync<PostgresException>(() => ApplyAsync());
        (await _app.ScalarAsync<bool>("SELECT to_regclass('history.ticks') IS NULL")).ShouldBeTrue();

        await _app.ExecuteAsync("DROP TABLE history.incidents");
        var (applied, version) = await ApplyAsync();
        applied.ShouldBe(version);
    }

    [Fact]
    public async Task Tables_for_hypertables_are_those_of_native_partitions_without_the_partitions()
    {
        await ApplyAsync();
        var partitioned = await ColumnsAsync();
        await _app.ExecuteAsync("DROP SCHEMA history CASCADE");

        await ApplyAsync(partitioned: false);

        (await ColumnsAsync()).ShouldBe(partitioned);
        (await _app.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relkind = 'p'")).ShouldBe(0);

        Task<string> ColumnsAsync() => _app.ScalarAsync<string>("""
            SELECT string_agg(c.relname || ' ' || a.attname || ' ' || a.atttypid::regtype || ' ' || a.attnotnull, E'\n' ORDER BY c.relname, a.attnum)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'history'::regnamespace AND a.attnum > 0
            """);
    }

    async Task<(int Applied, int Version)> ApplyAsync(bool partitioned = true)
    {
        await using var alone = await MigrationLock.TakeAsync(_app.Database, TestContext.Current.CancellationToken);
        return await new Migrator(_app.Time).ApplyAsync(alone.Connection, partitioned, TestContext.Current.CancellationToken);
    }
}
