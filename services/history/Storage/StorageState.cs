using Forewarn.Hosting;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>PostgreSQL has not answered since the start, or its tables are not there yet.</summary>
sealed class StorageNotReadyException(string reason) : NotReadyException(reason);

/// <summary>Whether the database can be used, and why not.</summary>
sealed class StorageState(ILogger<StorageState> logger)
{
    volatile string? _reason = "waiting for PostgreSQL";
    volatile bool _migrated;
    volatile string? _storage;

    /// <summary>Null when the tables are there and the server answers.</summary>
    public string? NotReadyBecause => _reason;

    public bool Migrated => _migrated;

    /// <summary>Where rows lie and why there, for people; null until that is decided.</summary>
    public string? Storage => _storage;

    public void Chosen(string storage) => _storage = storage;

    public void EnsureMigrated()
    {
        if (!_migrated)
            throw new StorageNotReadyException(_reason ?? "the database is not ready yet");
    }

    public void Waiting(string reason) => _reason = reason;

    public void Answers(bool migrated = false)
    {
        _migrated |= migrated;
        if (!_migrated || _reason is null)
            return;
        _reason = null;
        if (!migrated)
            Log.DatabaseBack(logger);
    }

    /// <summary>Notes an outage; an error that is not one changes nothing.</summary>
    public void Failed(Exception error)
    {
        if (!IsOutage(error) || !_migrated)
            return;
        if (_reason is null)
            Log.DatabaseLost(logger, error.Message);
        _reason = $"PostgreSQL does not answer: {error.Message}";
    }

    /// <summary>The server is away, starting, stopping, or out of a resource: trying again may help.</summary>
    public static bool IsOutage(Exception error) => error switch
    {
        StorageNotReadyException or TimeoutException => true,
        PostgresException postgres => postgres.IsTransient || postgres.SqlState[..2] is "08" or "53" or "57" or "58",
        NpgsqlException => true,
        _ => false,
    };
}
