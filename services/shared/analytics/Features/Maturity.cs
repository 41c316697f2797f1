namespace Forewarn.Analytics;

/// <summary>How much of a series has been seen.</summary>
public enum Maturity
{
    /// <summary>Fewer than 20 samples: no z features yet.</summary>
    Cold,

    /// <summary>Fewer than 60 samples.</summary>
    Warming,

    /// <summary>60 samples or more.</summary>
    Warm,
}

public static class MaturityLevels
{
    public const int WarmingSamples = 20;
    public const int WarmSamples = 60;

    public static Maturity Of(int samples) => samples switch
    {
        < WarmingSamples => Maturity.Cold,
        < WarmSamples => Maturity.Warming,
        _ => Maturity.Warm,
    };
}
