namespace Forewarn.Analytics;

/// <summary>What happens to a metric right now; several at once are possible. Named as the kinds of a detection are.</summary>
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

    /// <summary>The same value again and again in a series that does not do that.</summary>
    FlatLine = 16,

    /// <summary>Nothing came for more than two and a half of its usual intervals.</summary>
    Silence = 32,

    /// <summary>Zeros in a row in a series that is otherwise above zero.</summary>
    DropToZero = 64,
}
