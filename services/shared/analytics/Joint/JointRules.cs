namespace Forewarn.Analytics;

/// <summary>When a <see cref="JointAlarm"/> calls a row strange, and when strange rows are an alarm.</summary>
/// <param name="Evidence">A row is beyond only from this score on: the tail probabilities of the four members and a share of the forest's, as -log10, summed up.</param>
/// <param name="PValue">
/// A row is beyond only when no larger share of the last days was as strange. It holds for rows <paramref name="StepMs"/> apart and is as much larger as they
/// are rarer: a budget is one of time.
/// </param>
/// <param name="StepMs">Milliseconds between rows that <paramref name="PValue"/> is meant for.</param>
/// <param name="Needed">Rows beyond, one after the other, that raise the alarm.</param>
/// <param name="Surplus">What these must have above <paramref name="Evidence"/> in sum: one row far beyond says as much as several that are just so (cumulative sum: Page 1954).</param>
/// <param name="Lag">
/// Rows after which a row counts as what is usual, at most <see cref="MaxLag"/>. Without any, a level that rare rows alone reach is
/// out of reach for <paramref name="Needed"/> of them: the first raises the bar for the second.
/// </param>
/// <param name="Quiet">Rows without evidence, one after the other, that end an alarm.</param>
public sealed record JointRules(double Evidence, double PValue, int StepMs, int Needed = 1, double Surplus = 0, int Lag = 0, int Quiet = 1)
{
    /// <summary>Of <see cref="Lag"/>.</summary>
    public const int MaxLag = 600;

    /// <summary>For a row a minute or slower: measured on the labelled sets of the development half, see docs/evaluation.md.</summary>
    public static JointRules Minutes { get; } = new(5.5, 1.5e-3, 60_000, Surplus: 4);

    /// <summary>
    /// For a row a second: the level is that of the model of everybody. Seconds are learned of hours, and the next hours of a day look
    /// strange to what these taught, without a fault. On simulated hosts fewer false alarms stand at twice the evidence of minutes, no
    /// fault is lost, and some are told that a false alarm had hidden. A row is usual no sooner than the run is complete that it may be part
    /// of: more of a lag opens more without a fault.
    /// </summary>
    public static JointRules Seconds { get; } = new(
        12, DecisionDefaults.PValue, 1000, DecisionDefaults.Needed, Lag: DecisionDefaults.Needed - 1, Quiet: (int)DecisionDefaults.Quiet.TotalSeconds);
}
