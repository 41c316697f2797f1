namespace Forewarn.Analytics;

/// <summary>How a forest is grown.</summary>
public sealed record ForestOptions
{
    /// <summary>Number of trees. Default 100.</summary>
    public int Trees
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A forest has at least one tree.");
    } = 100;

    /// <summary>Rows drawn without replacement for each tree. Default 256.</summary>
    public int SampleSize
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A tree needs at least two rows.");
    } = 256;

    /// <summary>The same rows, options and seed give the same forest, bit for bit. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
