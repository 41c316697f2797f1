using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Times whose rows will be packed when their minute is sealed, end exclusive; unix milliseconds.</summary>
readonly record struct RecentSpan(long From, long To)
{
    /// <summary>
    /// What of it is not sealed yet, for a writer that holds the seal where it is: the roller packs only what was there when
    /// it sealed a minute. Before anything is sealed nobody knows where packed minutes will begin.
    /// </summary>
    public RecentSpan After(long seal) => seal == 0 ? default : this with { From = Math.Max(From, seal) };
}

/// <summary>The rows of a delivery, as COPY takes them: those that will be packed with their minute, and all others.</summary>
/// <param name="oldest">Rows from before this are left out.</param>
sealed class DeliveryRows(long oldest, RecentSpan recent, int sizeHint) : IDisposable
{
    CopyRows? _recent, _others;

    /// <summary>Where a row of this time belongs; null when it is too old.</summary>
    public CopyRows? For(long t) => t < oldest ? null
        : t >= recent.From && t < recent.To ? _recent ??= new CopyRows(sizeHint)
        : _others ??= new CopyRows(sizeHint);

    public async Task CopyAsync(NpgsqlConnection connection, StreamTable table, CancellationToken cancellationToken)
    {
        if (_recent is not null)
            await SendAsync(connection, table.CopyRecent, _recent, cancellationToken);
        if (_others is not null)
            await SendAsync(connection, table.Copy, _others, cancellationToken);
    }

    public void Dispose()
    {
        _recent?.Dispose();
        _others?.Dispose();
    }

    /// <param name="command">The COPY command that takes them.</param>
    public static async Task SendAsync(NpgsqlConnection connection, string command, CopyRows rows, CancellationToken cancellationToken)
    {
        // Disposing ends the COPY and throws what PostgreSQL has against it.
        await using var copy = await connection.BeginRawBinaryCopyAsync(command, cancellationToken);
        copy.ReadTimeout = copy.WriteTimeout = connection.CommandTimeout * 1000;
        await copy.WriteAsync(rows.Complete(), cancellationToken);
    }
}
