using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>The partitions of <c>ticks</c>, <c>predictions</c>, their roll-ups and <c>outlooks</c>, of the kind that was chosen at the start.</summary>
sealed class Partitions
{
    public const string Ticks = "ticks";
    public const string Predictions = "predictions";
    public const string Outlooks = "outlooks";

    volatile IPartitioning? _kind;

    IPartitioning Kind => _kind ?? throw new StorageNotReadyException("the database is not ready yet");

    public static DateOnly DayOf(long unixMs) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime);

    /// <summary>Begin of a day in unix milliseconds.</summary>
    public static long BeginOf(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static bool IsMonthly(string table) => table.EndsWith(Level.Hour.Suffix, StringComparison.Ordinal);

    public void Use(IPartitioning kind) => _kind = kind;

    /// <inheritdoc cref="IPartitioning.EnsureAsync"/>
    public Task EnsureAsync(string table, IEnumerable<DateOnly> days, CancellationToken cancellationToken) => Kind.EnsureAsync(table, days, cancellationToken);

    /// <inheritdoc cref="IPartitioning.PacksMinutes"/>
    public bool PacksMinutes => Kind.PacksMinutes;

    /// <inheritdoc cref="IPartitioning.EnsureRecentAsync"/>
    public Task<RecentSpan> EnsureRecentAsync(StreamTable table, DateTimeOffset now, CancellationToken cancellationToken) =>
        Kind.EnsureRecentAsync(table.Recent, now, cancellationToken);

    /// <inheritdoc cref="IPartitioning.Forget"/>
    public void Forget() => Kind.Forget();

    /// <inheritdoc cref="IPartitioning.ListAsync"/>
    public Task<IReadOnlyList<Partition>> ListAsync(string table, CancellationToken cancellationToken) => Kind.ListAsync(table, cancellationToken);

    /// <inheritdoc cref="IPartitioning.KeptFromAsync"/>
    public Task<long> KeptFromAsync(string table, DateOnly oldest, CancellationToken cancellationToken) => Kind.KeptFromAsync(table, oldest, cancellationToken);

    /// <inheritdoc cref="IPartitioning.DropBeforeAsync"/>
    public Task<IReadOnlyList<string>> DropBeforeAsync(string table, DateOnly oldest, CancellationToken cancellationToken) =>
        Kind.DropBeforeAsync(table, oldest, cancellationToken);

    /// <inheritdoc cref="IPartitioning.DropRecentAsync"/>
    public Task<IReadOnlyList<string>> DropRecentAsync(StreamTable table, long before, CancellationToken cancellationToken) =>
        Kind.DropRecentAsync(table.Recent, before, cancellationToken);

    /// <inheritdoc cref="IPartitioning.BeforeRewriteAsync"/>
    public Task BeforeRewriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => Kind.BeforeRewriteAsync(connection, cancellationToken);
}
