using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Waits for PostgreSQL, brings its tables up to date, then watches over it, rolls up and keeps house.</summary>
sealed class StorageService(
    NpgsqlDataSource database, StorageSetup setup, Watermarks watermarks, Housekeeping housekeeping, Roller roller, StorageState state, TimeProvider time, ILogger<StorageService> logger)
    : BackgroundService
{
    static readonly TimeSpan Pulse = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan HousekeepingEvery = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryMigrateAsync(stoppingToken))
            await Task.Delay(Retry, time, stoppingToken);

        var nextHousekeeping = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Pulse, time);
        do
        {
            if (await TryAsync(PingAsync, stoppingToken) is { } lost)
            {
                state.Failed(lost);
                continue;
            }
            state.Answers();
            if (await TryAsync(FoldAndRollAsync, stoppingToken) is { } unrolled)
                Log.RollUpFailed(logger, unrolled.Message);
            if (time.GetUtcNow() < nextHousekeeping)
                continue;
            if (await TryAsync(housekeeping.RunAsync, stoppingToken) is { } failed)
                Log.HousekeepingFailed(logger, failed.Message);
            nextHousekeeping = time.GetUtcNow() + HousekeepingEvery;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task<bool> TryMigrateAsync(CancellationToken cancellationToken)
    {
        var failure = await TryAsync(async token =>
        {
            await setup.RunAsync(token);
            await housekeeping.PrepareDaysAsync(token);
        }, cancellationToken);
        if (failure is null)
        {
            state.Answers(migrated: true);
            return true;
        }
        var reason = failure.InnerException is { } inner ? $"{failure.Message} ({inner.Message})" : failure.Message;
        if (state.NotReadyBecause == reason)
            return false;
        if (failure is StorageRefusedException or MigrationException)
        {
            Log.StorageRefused(logger, reason);
        }
        else
        {
            var target = new NpgsqlConnectionStringBuilder(database.ConnectionString);
            Log.WaitingForDatabase(logger, target.Host ?? "?", target.Port, reason);
        }
        state.Waiting(reason);
        return false;
    }

    /// <summary>Watermarks say who may have rows to roll up: behind them nothing is rolled.</summary>
    async Task FoldAndRollAsync(CancellationToken cancellationToken)
    {
        await watermarks.FoldAsync(cancellationToken);
        await roller.RunAsync(cancellationToken);
    }

    async Task PingAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT 1");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static async Task<Exception?> TryAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action(cancellationToken);
            return null;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or MigrationException or StorageRefusedException)
        {
            return error;
        }
    }
}
