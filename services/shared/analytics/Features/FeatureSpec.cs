namespace Forewarn.Analytics;

/// <summary>The features of one series at one tick. Order and meaning are versioned: training and scoring share them.</summary>
public static class FeatureSpec
{
    /// <summary>Changes whenever a feature is added, removed, reordered or redefined.</summary>
    public const string Version = "f3";

    public const int Count = 18;

    /// <summary>The first of them are what the joint model reads: in the unit of the series, free of any baseline.</summary>
    public const int JointCount = 12;

    public const int Value = 0;
    public const int Delta = 1;
    public const int Mean5 = 2;
    public const int Std5 = 3;
    public const int Mean20 = 4;
    public const int Std20 = 5;
    public const int Mean60 = 6;
    public const int Std60 = 7;

    /// <summary>Value less its EWMA of <see cref="FastAlpha"/>.</summary>
    public const int AboveFast = 8;

    /// <summary>Value less its EWMA of <see cref="SlowAlpha"/>.</summary>
    public const int AboveSlow = 9;

    public const int Mean240 = 10;
    public const int Std240 = 11;
    public const int Baseline = 12;
    public const int Scale = 13;
    public const int Z = 14;
    public const int ZLevel = 15;
    public const int ZDelta = 16;

    /// <summary>Distance from what the hour of the week lets expect, in scales of that hour; 0 while no rhythm has proved itself.</summary>
    public const int Season = 17;

    /// <summary>Smoothing factor behind <see cref="AboveFast"/>.</summary>
    public const double FastAlpha = 0.2;

    /// <summary>Smoothing factor behind <see cref="AboveSlow"/>.</summary>
    public const double SlowAlpha = 0.03;

    /// <summary>Every z feature is clipped to plus and minus this.</summary>
    public const double ZLimit = 50;

    public static IReadOnlyList<string> Names { get; } =
    [
        "value", "delta", "mean5", "std5", "mean20", "std20", "mean60", "std60", "above_fast", "above_slow", "mean240", "std240",
        "baseline", "scale", "z", "z_level", "z_delta", "season",
    ];
}
