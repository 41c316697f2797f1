namespace DevSidecar.DurableLog;

sealed record EmbeddedLogOptions
{
    public required string File { get; init; }

    public int Partitions { get; init; } = 12;

    public long RetentionBytes { get; init; } = 1024L * 1024 * 1024;

    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Records kept in memory for live consumers, over all partitions.</summary>
    public long TailBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Largest record, as Kafka's default of about 1 MiB, made roomier because daprd's body limit is 4 MiB.</summary>
    public int MaxRecordBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long consumer positions may wait before they are written. At-least-once allows it.</summary>
    public TimeSpan PositionFlush { get; init; } = TimeSpan.FromMilliseconds(200);
}
