namespace Forewarn.Analytics;

/// <summary>The features of one series at one tick. Order and meaning are versioned: training and scoring share them.</summary>
public static class FeatureSpec
{
    /// <summary>Changes whenever a feature is added, removed, reordered or redefined.</summary>
    public const string Version = "f1";

    public const int Count = 15;

    public const int Value = 0;
    public const int Delta = 1;
    public const int Mean10 = 2;
    public const int Std10 = 3;
    public const int Mean60 = 4;
    public const int Std60 = 5;
    public const int Min60 = 6;
    public const int Max60 = 7;
    public const int EwmaFast = 8;
    public const int EwmaSlow = 9;
    public const int Baseline = 10;
    public const int Scale = 11;
    public const int Z = 12;
    public const int ZLevel = 13;
    public const int ZDelta = 14;

    /// <summary>Smoothing factor of <see cref="EwmaFast"/>.</summary>
    public const double FastAlpha = 0.2;

    /// <summary>Smoothing factor of <see cref="EwmaSlow"/>.</summary>
    public const double SlowAlpha = 0.03;

    /// <summary>Every z feature is clipped to plus and minus this.</summary>
    public const double ZLimit = 50;

    public static IReadOnlyList<string> Names { get; } =
    [
        "value", "delta", "mean10", "std10", "mean60", "std60", "min60", "max60",
        "ewma_fast", "ewma_slow", "baseline", "scale", "z", "z_level", "z_delta",
    ];
}
