namespace Forewarn.History;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "waiting for PostgreSQL at {Host}:{Port}: {Reason}; check ConnectionStrings__Forewarn and that the server runs", EventName = "history.database.waiting")]
    public static partial void WaitingForDatabase(ILogger logger, string host, int port, string reason);

    [LoggerMessage(2, LogLevel.Information, "database ready: {Applied} migrations applied now, version {Version}", EventName = "history.database.ready")]
    public static partial void DatabaseReady(ILogger logger, int applied, int version);

    [LoggerMessage(3, LogLevel.Information, "dropped {Partition}: older than {Days} days", EventName = "history.partition.dropped")]
    public static partial void PartitionDropped(ILogger logger, string partition, int days);

    [LoggerMessage(4, LogLevel.Warning, "housekeeping failed and will be tried again: {Reason}", EventName = "history.housekeeping.failed")]
    public static partial void HousekeepingFailed(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Warning, "PostgreSQL does not answer: {Reason}; deliveries wait at the broker", EventName = "history.database.lost")]
    public static partial void DatabaseLost(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Information, "PostgreSQL answers again", EventName = "history.database.back")]
    public static partial void DatabaseBack(ILogger logger);

    [LoggerMessage(7, LogLevel.Warning, "rolling up failed and will be tried again: {Reason}; questions read raw rows meanwhile", EventName = "history.rollup.failed")]
    public static partial void RollUpFailed(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Information, "storage: {Storage}", EventName = "history.storage.chosen")]
    public static partial void StorageChosen(ILogger logger, string storage);

    [LoggerMessage(10, LogLevel.Information, "dropped {Partition}: its minutes are packed", EventName = "history.partition.packed")]
    public static partial void PackedDropped(ILogger logger, string partition);

    [LoggerMessage(9, LogLevel.Error, "the database cannot be used as it is set: {Reason}", EventName = "history.storage.refused")]
    public static partial void StorageRefused(ILogger logger, string reason);
}
