using System.Data;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// A connection whose statements all see the tables as they were at the first of them, so that what several of them read holds
/// each row once while the roller moves rows from table to table.
/// </summary>
sealed class Snapshot : IAsyncDisposable
{
    readonly NpgsqlTransaction _transaction;

    Snapshot(NpgsqlConnection connection, NpgsqlTransaction transaction) => (Connection, _transaction) = (connection, transaction);

    public NpgsqlConnection Connection { get; }

    public static async Task<Snapshot> OpenAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return new Snapshot(connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
