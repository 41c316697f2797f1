namespace Forewarn.Analytics;

/// <summary>What hits, false alarms and misses weigh: an application profile of the Numenta Anomaly Benchmark.</summary>
/// <param name="Name">As in NAB's tables.</param>
/// <param name="Hit">For a window found at its very start.</param>
/// <param name="FalseAlarm">For a point far behind any window.</param>
/// <param name="Miss">For a window not found.</param>
/// <remarks>Lavin, Ahmad: Evaluating real-time anomaly detection algorithms, ICMLA 2015; weights of NAB 1.1, config/profiles.json.</remarks>
public sealed record NabProfile(string Name, double Hit, double FalseAlarm, double Miss)
{
    public static NabProfile Standard { get; } = new("standard", 1, 0.11, 1);

    public static NabProfile RewardLowFalseAlarms { get; } = new("reward_low_FP_rate", 1, 0.22, 1);

    public static NabProfile RewardLowMisses { get; } = new("reward_low_FN_rate", 1, 0.11, 2);

    public static IReadOnlyList<NabProfile> All { get; } = [Standard, RewardLowFalseAlarms, RewardLowMisses];

    /// <summary>The sum that NAB calls raw score.</summary>
    /// <param name="hits">Sum over found windows of how early they were found, 1 = at the start.</param>
    /// <param name="misses">Windows not found.</param>
    /// <param name="falseAlarms">Sum over false alarms, each between -1 and 0.</param>
    public double Raw(double hits, double misses, double falseAlarms) => (Hit * hits) - (Miss * misses) + (FalseAlarm * falseAlarms);

    /// <summary>0 is a detector that never fires, 100 one that finds every window at its start and nothing else; NaN without windows.</summary>
    public double Normalise(double raw, double windows)
    {
        var never = -Miss * windows;
        return windows > 0 ? 100 * (raw - never) / ((Hit * windows) - never) : double.NaN;
    }
}
