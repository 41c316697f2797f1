namespace Forewarn.Analytics;

/// <summary>What happened to a metric, least telling first. Named as the kinds of a detection are.</summary>
public enum MetricEvent
{
    None,

    /// <summary>Its level has crept out of where it is on any day.</summary>
    Trend,

    /// <summary>Its level runs away within minutes, bit by bit; of the kind of a trend.</summary>
    Ramp,

    /// <summary>The same value again and again in a metric that practically always moves.</summary>
    FlatLine,

    /// <summary>Values far beyond the usual, more in a row than ever.</summary>
    Level,

    /// <summary>Zeros in a row in a metric that is practically never zero, and was far from it.</summary>
    DropToZero,

    /// <summary>It does not come while its entity goes on.</summary>
    Silence,
}
