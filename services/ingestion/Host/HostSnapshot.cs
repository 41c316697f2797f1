namespace Forewarn.Ingestion;

/// <summary>Space of one file system in bytes; <paramref name="Available"/> is what ordinary users may still take.</summary>
readonly record struct FilesystemSpace(string Path, double Total, double Free, double Available)
{
    public double Used => Total - Free;

    /// <summary>As <c>df</c> reckons: without what is reserved for root.</summary>
    public double Utilization => Used + Available <= 0 ? double.NaN : Used / (Used + Available);
}

/// <summary>All that was read from /proc and /sys at one instant.</summary>
sealed record HostSnapshot
{
    /// <summary>Monotonic seconds, for rates.</summary>
    public required double Seconds { get; init; }
    public required CpuStat Cpu { get; init; }
    public required LoadAverage Load { get; init; }
    public required MemInfo Memory { get; init; }
    public required IReadOnlyList<DiskStat> Disks { get; init; }
    public required IReadOnlyList<NetStat> Interfaces { get; init; }
    public required IReadOnlyList<FilesystemSpace> Filesystems { get; init; }
    public required Pressure CpuPressure { get; init; }
    public required Pressure MemoryPressure { get; init; }
    public required Pressure IoPressure { get; init; }
    public required int Processes { get; init; }
}
