namespace Forewarn.Analytics;

/// <summary>When a <see cref="JointAlarm"/> calls a row strange, and when strange rows are an alarm.</summary>
/// <param name="Evidence">A row is beyond only from this score on: the tail probabilities of the four members and a share of the forest's, as -log10, summed up.</param>
/// <param name="PValue">A row is beyond only when no larger share of the last days was as strange.</param>
/// <param name="Needed">Rows beyond, one after the other, that raise the alarm.</param>
public sealed record JointRules(double Evidence, double PValue, int Needed)
{
    /// <summary>For a row a minute or slower: measured on the labelled sets of the development half, see docs/evaluation.md.</summary>
    public static JointRules Minutes { get; } = new(6, 2.5e-3, 2);

    /// <summary>
    /// For a row a second: the level is that of the model of everybody. Seconds are learned of hours, and the next hours of a day are
    /// strange for these without being a fault: with the evidence of minutes twice as many false alarms stood, and hid what came then.
    /// Measured on simulated hosts, see the tests of the trainer.
    /// </summary>
    public static JointRules Seconds { get; } = new(12, DecisionDefaults.PValue, DecisionDefaults.Needed);
}
