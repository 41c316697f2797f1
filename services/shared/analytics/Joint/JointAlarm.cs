namespace Forewarn.Analytics;

/// <summary>
/// Decides on the scores of a joint model. A row is beyond when it is strange for all that the model has learned from
/// (<see cref="Evidence"/>) and for the entity's own last days (<see cref="PValue"/>). <see cref="Needed"/> in a row raise
/// the alarm, and it stands until a row is no longer strange for the training, for <see cref="Longest"/> at most after the last row beyond:
/// that it lasts makes it no less true, but after that time it is what there is. Not thread-safe.
/// </summary>
/// <remarks>
/// Either alone fails: a fixed limit alarms without end where the training is out of date, and a limit that follows the past
/// alarms about next to nothing where that was quiet, and misses what a long anomaly has taught it. Together the second one may
/// learn everything as it comes: what it forgets to find strange too late, the first one never did. Measured on the labelled
/// sets of the development half: docs/evaluation.md.
/// </remarks>
public sealed class JointAlarm
{
    /// <summary>A row is beyond only from this score on: the tail probabilities of the four members and a share of the forest's, as -log10, summed up.</summary>
    public const double Evidence = 6;

    /// <summary>A row is beyond only when no larger share of the last days was as strange.</summary>
    public const double PValue = 2.5e-3;

    /// <summary>Rows beyond, one after the other, that raise the alarm.</summary>
    public const int Needed = 2;

    /// <summary>How long an alarm stands without a row beyond.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    static readonly TimeSpan Horizon = TimeSpan.FromDays(2);

    const byte CheckpointVersion = 1;

    readonly CalibrationPrior _prior;
    TailCalibrator _calibrator;
    int _inARow;
    bool _stands;
    long _lastBeyond;

    /// <param name="ordinary">Scores of ordinary rows: <see cref="TrainedJoint.Scores"/>.</param>
    public JointAlarm(ReadOnlySpan<float> ordinary)
        : this(CalibrationPrior.FromScores(ordinary))
    {
    }

    JointAlarm(CalibrationPrior prior)
    {
        _prior = prior;
        _calibrator = new TailCalibrator(prior, Horizon, guarded: false);
    }

    /// <summary>Takes a row that is known to be past: it counts as what is usual, and raises nothing.</summary>
    public void Learn(long timestampMs, double score) => _calibrator.Admit(timestampMs, score);

    /// <summary>Takes the next row; true while there is an alarm.</summary>
    public bool Take(long timestampMs, double score)
    {
        var beyond = score >= Evidence && _calibrator.Evaluate(score).P <= PValue;
        _calibrator.Admit(timestampMs, score);
        _inARow = beyond ? Math.Min(_inARow + 1, Needed) : 0;
        if (beyond)
            _lastBeyond = timestampMs;
        _stands = _inARow == Needed || (_stands && score >= Evidence && timestampMs - _lastBeyond < Longest.TotalMilliseconds);
        return _stands;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_inARow);
        w.Write(_stands);
        w.Write(_lastBeyond);
        _calibrator.Write(w);
    }

    /// <param name="r">Where <see cref="Write"/> wrote.</param>
    /// <param name="ordinary">As for the constructor.</param>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static JointAlarm Read(BinaryReader r, ReadOnlySpan<float> ordinary)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a joint alarm");
        var alarm = new JointAlarm(ordinary) { _inARow = r.ReadBoundedCount(Needed), _stands = r.ReadBoolean(), _lastBeyond = r.ReadInt64() };
        alarm._calibrator = TailCalibrator.Read(r, alarm._prior, Horizon, guarded: false);
        return alarm;
    }
}
