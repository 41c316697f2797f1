namespace Forewarn.Analytics;

/// <summary>The shipped decision: on simulated bursty hosts about one false opening in seven hours, see the simulation tests.</summary>
public static class DecisionDefaults
{
    /// <summary>A tick is beyond when its p-value is at most this.</summary>
    public const double PValue = 5e-5;

    /// <summary>Ticks beyond the level needed to open.</summary>
    public const int Needed = 4;

    /// <summary>Ticks looked back at.</summary>
    public const int Of = 6;

    /// <summary>Quiet time after which an open decision closes.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    /// <summary>Memory of the score calibration.</summary>
    public static readonly TimeSpan CalibrationHorizon = TimeSpan.FromDays(5);
}
