using Forewarn.History.Storage;
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
        var migrator = new Migrator(_app.Database, _app.Time);

        var first = await migrator.ApplyAsync(TestContext.Current.CancellationToken);
        var second = await migrator.ApplyAsync(TestContext.Current.CancellationToken);

        first.Applied.ShouldBeGreaterThan(0);
        second.ShouldBe((0, first.Version));
    }

    [Fact]
    public async Task Starters_at_the_same_time_apply_each_migration_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            Task.Run(() => new Migrator(_app.Database, _app.Time).ApplyAsync(TestContext.Current.CancellationToken))));

        results.Count(result => result.Applied > 0).ShouldBe(1);
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.migrations")).ShouldBe(results.Sum(result => result.Applied));
    }

    [Fact]
    public async Task A_migration_that_was_changed_after_it_was_applied_is_refused_by_name()
    {
        var migrator = new Migrator(_app.Database, _app.Time);
        await migrator.ApplyAsync(TestContext.Current.CancellationToken);
        await _app.ExecuteAsync("UPDATE history.migrations SET checksum = 'other' WHERE version = 1");

        var refused = await Should.ThrowAsync<MigrationException>(() => migrator.ApplyAsync(TestContext.Current.CancellationToken));

        refused.Message.ShouldContain("0001_history");
    }

    [Fact]
    public async Task A_failed_migration_leaves_nothing_and_the_next_start_completes_it()
    {
        await _app.ExecuteAsync("CREATE SCHEMA history; CREATE TABLE history.incidents (x int)");
        var migrator = new Migrator(_app.Database, _app.Time);
        await Should.ThrowAsync<PostgresException>(() => migrator.ApplyAsync(TestContext.Current.CancellationToken));
        (await _app.ScalarAsync<bool>("SELECT to_regclass('history.ticks') IS NULL")).ShouldBeTrue();

        await _app.ExecuteAsync("DROP TABLE history.incidents");
        var (applied, version) = await migrator.ApplyAsync(TestContext.Current.CancellationToken);
        applied.ShouldBe(version);
    }
}
