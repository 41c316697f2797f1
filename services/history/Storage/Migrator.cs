using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>A migration in the database is not the one this program carries, or one that it does not carry at all.</summary>
sealed class MigrationException(string message) : Exception(message);

/// <summary>One replica at a time brings tables up to date.</summary>
sealed class MigrationLock : IAsyncDisposable
{
    const long Key = 0x466F7265_7761726E;

    MigrationLock(NpgsqlConnection connection) => Connection = connection;

    public NpgsqlConnection Connection { get; }

    /// <summary>Waits until no other replica holds it.</summary>
    public static async Task<MigrationLock> TakeAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await Migrator.ExecuteAsync(connection, $"SELECT pg_advisory_lock({Key})", cancellationToken);
            return new MigrationLock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A session that has ended holds nothing any more.
        if (Connection.State == System.Data.ConnectionState.Open)
            await Migrator.ExecuteAsync(Connection, $"SELECT pg_advisory_unlock({Key})", CancellationToken.None);
        await Connection.DisposeAsync();
    }
}

/// <summary>Applies <c>Migrations/*.sql</c> in order, each once, in a transaction; the caller holds the <see cref="MigrationLock"/>.</summary>
sealed class Migrator(TimeProvider time)
{
    /// <summary>What makes a table of the migrations a partitioned one; a hypertable is made of one without it.</summary>
    const string PartitionClause = " PARTITION BY RANGE (t)";

    readonly record struct Migration(int Version, string Name, string Sql)
    {
        public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
    }

    /// <param name="partitioned">Whether tables have native partitions; always the same for a database.</param>
    /// <returns>How many were applied now, and the newest version.</returns>
    /// <exception cref="MigrationException">An applied migration differs from this program's, or a newer program applied it.</exception>
    public async Task<(int Applied, int Version)> ApplyAsync(NpgsqlConnection connection, bool partitioned, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, """
            CREATE SCHEMA IF NOT EXISTS history;
            CREATE TABLE IF NOT EXISTS history.migrations (
                version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL)
            """, cancellationToken);
        var done = await ReadAppliedAsync(connection, cancellationToken);
        var own = Load().ToList();
        RefuseUnknown(done, own[^1].Version);
        var applied = 0;
        var version = 0;
        foreach (var migration in own)
        {
            version = migration.Version;
            if (done.TryGetValue(migration.Version, out var before))
            {
                if (before.Checksum != migration.Checksum)
                    throw new MigrationException($"Migration {migration.Name} was applied with other content; restore the original file and put the change into a new one.");
                continue;
            }
            await ApplyAsync(connection, migration, partitioned, cancellationToken);
            applied++;
        }
        return (applied, version);
    }

    /// <summary>Tables may mean something else since then: an older program would write what the newer one takes for something else.</summary>
    static void RefuseUnknown(Dictionary<int, (string Name, string Checksum)> done, int newest)
    {
        if (done.Keys.DefaultIfEmpty().Max() is var version && version > newest)
            throw new MigrationException(
                $"A newer version of Forewarn has used this database: it holds migration {done[version].Name}, and this program's newest is {newest}. Start that version or a newer one, or restore a backup from before the upgrade (docs/upgrade.md).");
    }

    async Task ApplyAsync(NpgsqlConnection connection, Migration migration, bool partitioned, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var sql = partitioned ? migration.Sql : migration.Sql.Replace(PartitionClause, "", StringComparison.Ordinal);
        await ExecuteAsync(connection, sql, cancellationToken);
        await using var record = new NpgsqlCommand("INSERT INTO history.migrations VALUES ($1, $2, $3, $4)", connection)
        {
            Parameters = { new() { Value = migration.Version }, new() { Value = migration.Name }, new() { Value = migration.Checksum }, new() { Value = time.GetUtcNow() } },
        };
        await record.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    static IEnumerable<Migration> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.Length > 5 && name[4] == '_')
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return new Migration(int.Parse(name[..4], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
            });
    }

    static async Task<Dictionary<int, (string Name, string Checksum)>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var done = new Dictionary<int, (string, string)>();
        await using var command = new NpgsqlCommand("SELECT version, name, checksum FROM history.migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            done.Add(reader.GetInt32(0), (reader.GetString(1), reader.GetString(2)));
        return done;
    }

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
