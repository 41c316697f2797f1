namespace Forewarn.Analytics;

/// <summary>
/// Decides on the scores of a joint model. A row is beyond when it is strange for all that the model has learned from
/// (<see cref="JointRules.Evidence"/>) and for the entity's own last days (<see cref="JointRules.PValue"/>). <see cref="JointRules.Needed"/> in a row raise
/// the alarm, and it stands until rows are no longer strange for the training (<see cref="JointRules.Quiet"/>), for <see cref="Longest"/> at most after the last row beyond:
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
    /// <summary>How long an alarm stands without a row beyond.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    static readonly TimeSpan Horizon = TimeSpan.FromDays(2);

    const byte CheckpointVersion = 4;

    readonly JointRules _rules;
    readonly TailCalibrator _calibrator;
    readonly Queue<(long T, double Score)> _waiting;
    int _inARow;
    int _quiet;
    long _lastBeyond;

    /// <param name="ordinary">Scores of ordinary rows: what counts while the own past is short.</param>
    /// <param name="rules">When a row is beyond.</param>
    public JointAlarm(CalibrationPrior ordinary, JointRules rules)
        : this(rules, new TailCalibrator(ordinary, Horizon, guarded: false))
    {
    }

    JointAlarm(JointRules rules, TailCalibrator calibrator)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rules.Lag, JointRules.MaxLag, nameof(rules));
        (_rules, _calibrator, _waiting) = (rules, calibrator, new(rules.Lag + 1));
    }

    /// <summary>There is an alarm.</summary>
    public bool Stands { get; private set; }

    /// <summary>Takes a row that is known to be past: it counts as what is usual, and raises nothing.</summary>
    public void Learn(long timestampMs, double score) => _calibrator.Admit(timestampMs, score);

    /// <summary>Takes the next row.</summary>
    public JointJudgement Take(long timestampMs, double score)
    {
        var tail = _calibrator.Evaluate(score);
        var beyond = score >= _rules.Evidence && tail.P <= _rules.PValue;
        _waiting.Enqueue((timestampMs, score));
        while (_waiting.Count > _rules.Lag)
        {
            var usual = _waiting.Dequeue();
            _calibrator.Admit(usual.T, usual.Score);
        }
        _inARow = beyond ? Math.Min(_inARow + 1, _rules.Needed) : 0;
        if (beyond)
            _lastBeyond = timestampMs;
        _quiet = score >= _rules.Evidence ? 0 : Math.Min(_quiet + 1, _rules.Quiet);
        Stands = _inARow == _rules.Needed || (Stands && _quiet < _rules.Quiet && timestampMs - _lastBeyond < Longest.TotalMilliseconds);
        return new JointJudgement(tail, beyond, Stands, Stands && _quiet == 0);
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_inARow);
        w.Write(_quiet);
        w.Write(Stands);
        w.Write(_lastBeyond);
        w.Write(_waiting.Count);
        foreach (var (t, score) in _waiting)
        {
            w.Write(t);
            w.Write(score);
        }
        _calibrator.Write(w);
    }

    /// <param name="r">Where <see cref="Write"/> wrote.</param>
    /// <param name="ordinary">As for the constructor.</param>
    /// <param name="rules">As for the constructor.</param>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static JointAlarm Read(BinaryReader r, CalibrationPrior ordinary, JointRules rules)
    {
        ArgumentNullException.ThrowIfNull(r);
        ArgumentNullException.ThrowIfNull(rules);
        r.ExpectVersion(CheckpointVersion, "a joint alarm");
        var (inARow, quiet, stands, lastBeyond) = (r.ReadInt32(), r.ReadInt32(), r.ReadBoolean(), r.ReadInt64());
        var waiting = new (long, double)[r.ReadBoundedCount(JointRules.MaxLag)];
        foreach (ref var row in waiting.AsSpan())
            row = (r.ReadInt64(), r.ReadDouble());
        var alarm = new JointAlarm(rules, TailCalibrator.Read(r, ordinary, Horizon, guarded: false))
        {
            _inARow = Math.Clamp(inARow, 0, rules.Needed),
            _quiet = Math.Clamp(quiet, 0, rules.Quiet),
            Stands = stands,
            _lastBeyond = lastBeyond,
        };
        foreach (var row in waiting)
            alarm._waiting.Enqueue(row);
        return alarm;
    }
}

/// <summary>What a <see cref="JointAlarm"/> says of a row.</summary>
/// <param name="Tail">Probability of a score at least this high, by the last two days.</param>
/// <param name="Beyond">The row is strange both ways.</param>
/// <param name="Stands">There is an alarm.</param>
/// <param name="Lasts">There is one, and the row is still strange for the training.</param>
public readonly record struct JointJudgement(TailProbability Tail, bool Beyond, bool Stands, bool Lasts);
