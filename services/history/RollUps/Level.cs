namespace Forewarn.History.RollUps;

/// <summary>How finely samples are kept: as they were measured, or merged into buckets that begin at multiples of a width.</summary>
/// <param name="Suffix">Ending of the names of its tables and views.</param>
/// <param name="WidthMs">Width of a bucket; every level's is a multiple of the finer one's.</param>
sealed record Level(string Suffix, long WidthMs)
{
    public static readonly Level Raw = new("", 1);
    public static readonly Level TenSeconds = new("_10s", 10_000);
    public static readonly Level Minute = new("_1m", 60_000);
    public static readonly Level Hour = new("_1h", 3_600_000);

    /// <summary>From fine to coarse.</summary>
    public static readonly IReadOnlyList<Level> All = [Raw, TenSeconds, Minute, Hour];

    public long Floor(long t) => t - (t % WidthMs);

    public long Ceiling(long t) => Floor(t + WidthMs - 1);
}
