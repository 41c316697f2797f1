namespace Forewarn.History.Storage;

/// <summary>A part of a table, end exclusive, in unix milliseconds.</summary>
readonly record struct Partition(string Name, long From, long To);

/// <summary>How the tables of history are cut along time.</summary>
interface IPartitioning
{
    /// <summary>Makes room for rows of these days unless it is there.</summary>
    Task EnsureAsync(string table, IEnumerable<DateOnly> days, CancellationToken cancellationToken);

    /// <summary>Whether rows of sealed minutes are packed; otherwise they stay in the table into which they came.</summary>
    bool PacksMinutes { get; }

    /// <summary>Makes room in a table of rows that will be packed for those that come at this time or about an hour around it, and tells for which; none when nothing is packed.</summary>
    Task<RecentSpan> EnsureRecentAsync(string table, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>After a row found no partition: somebody else removed it, so ask the database again.</summary>
    void Forget();

    /// <summary>The parts that are there, oldest first.</summary>
    Task<IReadOnlyList<Partition>> ListAsync(string table, CancellationToken cancellationToken);

    /// <summary>From when on <see cref="DropBeforeAsync"/> leaves everything where it is; unix milliseconds.</summary>
    Task<long> KeptFromAsync(string table, DateOnly oldest, CancellationToken cancellationToken);

    /// <summary>Drops the parts that lie before <paramref name="oldest"/> as a whole; returns their names.</summary>
    Task<IReadOnlyList<string>> DropBeforeAsync(string table, DateOnly oldest, CancellationToken cancellationToken);

    /// <summary>Drops the parts of a table of rows that were packed which lie before a time as a whole; returns their names.</summary>
    Task<IReadOnlyList<string>> DropRecentAsync(string table, long before, CancellationToken cancellationToken);

    /// <summary>Before rows of any age are replaced in the transaction of this connection.</summary>
    Task BeforeRewriteAsync(Npgsql.NpgsqlConnection connection, CancellationToken cancellationToken);
}
