namespace Forewarn.Analytics;

/// <summary>What a metric's course looks like to its lane right now; several at once are possible. Named as the kinds of a detection are.</summary>
[Flags]
public enum LaneEvents
{
    None = 0,

    /// <summary>A point or two far beyond anything of late.</summary>
    Spike = 1,

    /// <summary>A third point of the same: a new level, until it is left or has become normal.</summary>
    Level = 2,

    /// <summary>The median wanders out of a frozen reference, too slowly for a level.</summary>
    Trend = 4,

    /// <summary>Steps from point to point are several times as large as ever.</summary>
    Variance = 8,
}
