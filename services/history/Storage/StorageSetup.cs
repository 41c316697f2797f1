using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>The database could be used, but not as it is set.</summary>
sealed class StorageRefusedException(string message) : Exception(message);

/// <summary>Chooses how tables are partitioned and brings them up to date, one replica at a time.</summary>
sealed class StorageSetup(
    NpgsqlDataSource database, Migrator migrator, Partitions partitions, HistoryOptions options, StorageState state, ILogger<StorageSetup> logger)
{
    /// <summary>Why creating the extension failed; it is tried once per start.</summary>
    string? _failure;

    /// <exception cref="StorageRefusedException">Somebody must change a setting or the database.</exception>
    /// <exception cref="MigrationException">An applied migration differs from this program's, or a newer program applied it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var alone = await MigrationLock.TakeAsync(database, cancellationToken);
        var (choice, facts) = await ChooseAsync(alone.Connection, cancellationToken);
        if (choice.Verb == StorageVerb.Refuse)
            throw new StorageRefusedException(choice.Why);
        var native = choice.Verb == StorageVerb.UseNative;
        var (applied, version) = await migrator.ApplyAsync(alone.Connection, native, cancellationToken);
        partitions.Use(native
            ? new NativePartitions(database)
            : await Hypertables.SetUpAsync(database, alone.Connection, options, compressed: !facts.ApacheEdition, cancellationToken));
        var storage = choice.Describe(facts);
        state.Chosen(storage);
        Log.DatabaseReady(logger, applied, version);
        Log.StorageChosen(logger, storage);
    }

    async Task<(StorageChoice Choice, StorageFacts Facts)> ChooseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var facts = await StorageFacts.ReadAsync(connection, cancellationToken);
        var choice = StorageChoice.Of(options.Timescale, facts, _failure);
        if (choice.Verb != StorageVerb.CreateExtension)
            return (choice, facts);
        await CreateExtensionAsync(cancellationToken);
        facts = await StorageFacts.ReadAsync(connection, cancellationToken);
        return (StorageChoice.Of(options.Timescale, facts, _failure), facts);
    }

    async Task CreateExtensionAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A session of its own: a server that cannot load the extension ends it.
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var create = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS timescaledb", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
            _failure = "the server said it did, but it is not there";
        }
        catch (NpgsqlException error)
        {
            _failure = error.Message;
        }
    }
}
