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

    /// <summary>
    /// Share of each tree's sample that is pushed outwards, up to <see cref="StretchFactor"/> times as far from the
    /// sample's mean. A standard forest has no splits beyond its data, so a rare but harmless row and a disaster score
    /// alike; a few stretched rows give it splits out there. 0 is the forest of the paper. Default 0.05.
    /// </summary>
    public double Stretched
    {
        get;
        init => field = value is >= 0 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At most half of a sample can be stretched.");
    } = 0.05;

    /// <summary>How far the farthest stretched row goes; factors are log-uniform between 1 and this. Default 12.</summary>
    public double StretchFactor
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Stretching means a factor of at least 1.");
    } = 12;

    /// <summary>The same rows, options and seed give the same forest, bit for bit. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
