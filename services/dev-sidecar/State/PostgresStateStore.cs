using System.Globalization;
using DevSidecar.Components;
using Npgsql;
using NpgsqlTypes;

namespace DevSidecar.State;

/// <summary>
/// <c>state.postgresql</c>: v2 keeps bytes (<c>bytea</c>, ETag is a uuid), v1 keeps <c>jsonb</c> (ETag is <c>xmin</c>).
/// The table is made at start; expired rows are invisible at once and removed every cleanupInterval.
/// </summary>
sealed class PostgresStateStore : IStateStore, IAsyncDisposable
{
    readonly string _name;
    readonly NpgsqlDataSource _source;
    readonly PostgresDialect _sql;
    readonly ILogger _logger;
    readonly ITimer? _cleanup;
    readonly TimeSpan _initTimeout;

    public PostgresStateStore(ComponentMetadata metadata, TimeProvider time, ILogger logger)
    {
        _name = metadata.Definition.Name;
        _logger = logger;
        _initTimeout = metadata.Definition.InitTimeout;
        _sql = metadata.Definition.Version == "v1" ? PostgresDialect.V1(metadata) : PostgresDialect.V2(metadata);
        _source = NpgsqlDataSource.Create(PostgresConnection.Build(metadata));
        var interval = metadata.Duration("cleanupInterval", TimeSpan.FromHours(1));
        if (interval > TimeSpan.Zero)
        {
            _cleanup = time.CreateTimer(_ => _ = CleanUpAsync(), null, interval, interval);
        }
    }

    /// <summary>Makes the table; tries again while the server starts, up to initTimeout (5 s unless set).</summary>
    public async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await using var command = _source.CreateCommand(_sql.Create);
                await command.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException e)
            {
                if (TimeProvider.System.GetElapsedTime(started) > _initTimeout)
                {
                    throw new SidecarConfigurationException(
                        $"component '{_name}': PostgreSQL did not answer within {_initTimeout.TotalSeconds:0} s: {e.Message}. Check the connection string and that the server runs.", e);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, cancellationToken);
            }
        }
    }

    public async Task<StateValue?> GetAsync(string key, CancellationToken cancellationToken) =>
        (await GetManyAsync([key], cancellationToken)).GetValueOrDefault(key);

    public async Task<IReadOnlyDictionary<string, StateValue>> GetManyAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(_sql.Select);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new Dictionary<string, StateValue>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var expires = await reader.IsDBNullAsync(3, cancellationToken) ? (DateTimeOffset?)null : new DateTimeOffset(reader.GetDateTime(3), TimeSpan.Zero);
            var etag = Convert.ToString(reader.GetValue(2), CultureInfo.InvariantCulture)!;
            values[reader.GetString(0)] = new(_sql.Decode(reader), etag, expires);
        }

        return values;
    }

    public async Task WriteAsync(StateWrite write, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand();
        await ApplyAsync(command, write, cancellationToken);
    }

    public async Task TransactAsync(IReadOnlyList<StateWrite> writes, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var write in writes)
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            await ApplyAsync(command, write, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cleanup is not null)
        {
            await _cleanup.DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    async Task ApplyAsync(NpgsqlCommand command, StateWrite write, CancellationToken cancellationToken)
    {
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = write.Key });
        object? etag = null;
        if (write.ETag is { } text && !_sql.TryETag(text, out etag))
        {
            throw _sql.MalformedETagIsMismatch ? new ETagMismatchException(write.Key) : new ETagInvalidException(text);
        }

#pragma warning disable CA2100 // the texts differ only in the table name, which PostgresDialect checks
        if (write.Value is null)
        {
            command.CommandText = etag is null ? _sql.Delete : _sql.DeleteMatching;
        }
        else
        {
            var sql = etag is not null ? _sql.UpdateMatching : write.FirstWrite ? _sql.Insert : _sql.Upsert;
            command.CommandText = _sql.Encode(sql, command, write.Value);
            command.Parameters.Add(new NpgsqlParameter { Value = write.TimeToLive is { } ttl ? ttl : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Interval });
        }
#pragma warning restore CA2100

        if (etag is not null)
        {
            command.Parameters.Add(_sql.ETagParameter(etag));
        }

        var rows = await command.ExecuteNonQueryAsync(cancellationToken);
        if (rows == 0 && (etag is not null || write is { FirstWrite: true, Value: not null }))
        {
            throw new ETagMismatchException(write.Key);
        }
    }

    async Task CleanUpAsync()
    {
        try
        {
            await using var command = _source.CreateCommand(_sql.CleanUp);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception e) when (e is NpgsqlException or ObjectDisposedException)
        {
            Log.CleanupFailed(_logger, _name, e.Message);
        }
    }
}
