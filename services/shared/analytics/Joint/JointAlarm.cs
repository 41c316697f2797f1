namespace Forewarn.Analytics;

/// <summary>
/// Decides on the scores of a joint model: beyond when the calibrated p-value is at most <see cref="PValue"/>, an alarm
/// while <see cref="Needed"/> of the last <see cref="Of"/> rows were. Not thread-safe.
/// </summary>
public sealed class JointAlarm
{
    /// <summary>A row is beyond when its p-value is at most this.</summary>
    public const double PValue = 1e-3;

    public const int Needed = 3;

    public const int Of = 5;

    const byte CheckpointVersion = 1;

    readonly CalibrationPrior _prior;
    TailCalibrator _calibrator;
    uint _recent;

    /// <param name="ordinary">Scores of ordinary rows: <see cref="TrainedJoint.Scores"/>.</param>
    public JointAlarm(ReadOnlySpan<float> ordinary)
        : this(CalibrationPrior.FromScores(ordinary))
    {
    }

    JointAlarm(CalibrationPrior prior)
    {
        _prior = prior;
        _calibrator = new TailCalibrator(prior, DecisionDefaults.CalibrationHorizon);
    }

    /// <summary>Takes a row that is known to be past: it counts as what is usual, and raises nothing.</summary>
    public void Learn(long timestampMs, double score) => _calibrator.Admit(timestampMs, score);

    /// <summary>Takes the next row; true while there is an alarm.</summary>
    public bool Take(long timestampMs, double score)
    {
        var beyond = _calibrator.Evaluate(score).P <= PValue;
        _calibrator.Admit(timestampMs, score);
        _recent = ((_recent << 1) | (beyond ? 1u : 0)) & ((1u << Of) - 1);
        return System.Numerics.BitOperations.PopCount(_recent) >= Needed;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_recent);
        _calibrator.Write(w);
    }

    /// <param name="r">Where <see cref="Write"/> wrote.</param>
    /// <param name="ordinary">As for the constructor.</param>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static JointAlarm Read(BinaryReader r, ReadOnlySpan<float> ordinary)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a joint alarm");
        var alarm = new JointAlarm(ordinary) { _recent = r.ReadUInt32() };
        alarm._calibrator = TailCalibrator.Read(r, alarm._prior, DecisionDefaults.CalibrationHorizon);
        return alarm;
    }
}
