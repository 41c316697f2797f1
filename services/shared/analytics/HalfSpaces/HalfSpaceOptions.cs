namespace Forewarn.Analytics;

/// <summary>How a half-space forest is made.</summary>
public sealed record HalfSpaceOptions
{
    /// <summary>Number of trees. Default 25, as in the paper.</summary>
    public int Trees
    {
        get;
        init => field = value is >= 1 and <= HalfSpaceForest.MaxTrees ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"A forest has 1 to {HalfSpaceForest.MaxTrees} trees.");
    } = 25;

    /// <summary>Splits from root to leaf; a tree has 2^depth leaves. Default 6: what a row of a dozen numbers fills.</summary>
    public int Depth
    {
        get;
        init => field = value is >= 1 and <= HalfSpaceForest.MaxDepth ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"A tree has 1 to {HalfSpaceForest.MaxDepth} levels of splits.");
    } = 6;

    /// <summary>Rows between two renewals of what counts as usual. Default 3,600: an hour of ticks.</summary>
    public int Window
    {
        get;
        init => field = value is >= HalfSpaceForest.MinWindow and <= HalfSpaceForest.MaxWindow
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"A window has {HalfSpaceForest.MinWindow} to {HalfSpaceForest.MaxWindow} rows.");
    } = 3600;

    /// <summary>The same rows, options and seed give the same forest, bit for bit. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
