using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>A migration in the database is not the one this program carries.</summary>
sealed class MigrationException(string message) : Exception(message);

/// <summary>Applies <c>Migrations/*.sql</c> in order, each once, in a transaction, one replica at a time.</summary>
sealed class Migrator(NpgsqlDataSource database, TimeProvider time)
{
    const long Lock = 0x466F7265_7761726E;

    readonly record struct Migration(int Version, string Name, string Sql)
    {
        public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
    }

    /// <returns>How many were applied now, and the newest version.</returns>
    /// <exception cref="MigrationException">An applied migration differs from this program's.</exception>
    public async Task<(int Applied, int Version)> ApplyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({Lock})", cancellationToken);
        try
        {
            await ExecuteAsync(connection, """
                CREATE SCHEMA IF NOT EXISTS history;
                CREATE TABLE IF NOT EXISTS history.migrations (
                    version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL)
                """, cancellationToken);
            var done = await ReadAppliedAsync(connection, cancellationToken);
            var applied = 0;
            var version = 0;
            foreach (var migration in Load())
            {
                version = migration.Version;
                if (done.TryGetValue(migration.Version, out var checksum))
                {
                    if (checksum != migration.Checksum)
                        throw new MigrationException($"Migration {migration.Name} was applied with other content; restore the original file and put the change into a new one.");
                    continue;
                }
                await ApplyAsync(connection, migration, cancellationToken);
                applied++;
            }
            return (applied, version);
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, migration.Sql, cancellationToken);
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

    static async Task<Dictionary<int, string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var done = new Dictionary<int, string>();
        await using var command = new NpgsqlCommand("SELECT version, checksum FROM history.migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            done.Add(reader.GetInt32(0), reader.GetString(1));
        return done;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
