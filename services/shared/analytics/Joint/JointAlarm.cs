namespace Forewarn.Analytics;

/// <summary>
/// Decides on the scores of a joint model. A row is beyond when it is strange for all that the model has learned from
/// (<see cref="JointRules.Evidence"/>) and for the entity's own last days (<see cref="JointRules.PValue"/>). <see cref="JointRules.Needed"/> in a row with
/// enough evidence in sum (<see cref="JointRules.Surplus"/>) raise the alarm, and it stands until rows are no longer strange for the training (<see cref="JointRules.Quiet"/>), for <see cref="Longest"/> at most after the last row beyond:
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

    const byte CheckpointVersion = 5;
    const double MostP = 0.05;
    const double MostSteps = 10;
    const double SlowerBy = 0.05;
    const double LastsAt = 1.5;
    const double LastingWeight = 0.2;

    readonly TailCalibrator _calibrator;
    readonly Queue<(long T, double Score)> _waiting;
    JointRules _rules;
    int _inARow;
    double _surplus;
    int _quiet;
    long _lastBeyond;
    long _last = long.MinValue;
    double _stepMs;
    double _lasting;

    /// <param name="ordinary">Scores of ordinary rows: what counts while the own past is short.</param>
    /// <param name="rules">When a row is beyond.</param>
    public JointAlarm(CalibrationPrior ordinary, JointRules rules)
        : this(rules, new TailCalibrator(ordinary, Horizon, guarded: false))
    {
    }

    JointAlarm(JointRules rules, TailCalibrator calibrator)
    {
        (_rules, _calibrator, _waiting) = (Checked(rules), calibrator, new(rules.Lag + 1));
    }

    /// <summary>There is an alarm.</summary>
    public bool Stands { get; private set; }

    /// <summary>Other rules from here on: what is usual has been learned without them, and an alarm that stands ends by the new ones.</summary>
    public void Use(JointRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = Checked(rules);
    }

    /// <summary>Takes a row that is known to be past: it counts as what is usual, and raises nothing.</summary>
    public void Learn(long timestampMs, double score) => _calibrator.Admit(timestampMs, score);

    /// <summary>Takes the next row.</summary>
    public JointJudgement Take(long timestampMs, double score)
    {
        var (tail, level) = (_calibrator.Evaluate(score), LevelAt(timestampMs));
        var strange = score >= _rules.Evidence;
        var beyond = strange && tail.P <= level;
        _waiting.Enqueue((timestampMs, score));
        while (_waiting.Count > _rules.Lag)
        {
            var usual = _waiting.Dequeue();
            _calibrator.Admit(usual.T, usual.Score);
        }
        (_inARow, _surplus) = beyond ? (Math.Min(_inARow + 1, _rules.Needed), _surplus + score - _rules.Evidence) : (0, 0);
        if (beyond)
            _lastBeyond = timestampMs;
        _quiet = strange ? 0 : Math.Min(_quiet + 1, _rules.Quiet);
        var raised = _inARow >= _rules.Needed && _surplus >= _rules.Surplus;
        Stands = raised || (Stands && _quiet < _rules.Quiet && timestampMs - _lastBeyond < Longest.TotalMilliseconds);
        _lasting += LastingWeight * (score - _lasting);
        var lasts = Stands && strange && tail.P <= Math.Max(level, Math.Min(MostP, LastsAt * level));
        return new JointJudgement(tail, beyond, Stands, Stands && strange, lasts, (score + _lasting) / 2);
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_inARow);
        w.Write(_surplus);
        w.Write(_quiet);
        w.Write(Stands);
        w.Write(_lastBeyond);
        w.Write(_last);
        w.Write(_stepMs);
        w.Write(_lasting);
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
        var (inARow, surplus, quiet, stands) = (r.ReadInt32(), r.ReadDouble(), r.ReadInt32(), r.ReadBoolean());
        var (lastBeyond, last, stepMs, lasting) = (r.ReadInt64(), r.ReadInt64(), r.ReadDouble(), r.ReadDouble());
        var waiting = new (long, double)[r.ReadBoundedCount(JointRules.MaxLag)];
        foreach (ref var row in waiting.AsSpan())
            row = (r.ReadInt64(), r.ReadDouble());
        var alarm = new JointAlarm(rules, TailCalibrator.Read(r, ordinary, Horizon, guarded: false))
        {
            _inARow = Math.Clamp(inARow, 0, rules.Needed),
            _surplus = surplus,
            _quiet = Math.Clamp(quiet, 0, rules.Quiet),
            Stands = stands,
            _lastBeyond = lastBeyond,
            _last = last,
            _stepMs = stepMs,
            _lasting = lasting,
        };
        foreach (var row in waiting)
            alarm._waiting.Enqueue(row);
        return alarm;
    }

    static JointRules Checked(JointRules rules)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rules.Lag, JointRules.MaxLag, nameof(rules));
        return rules;
    }

    /// <summary>The level for rows as far apart as these are. Faster ones are believed at once, slower ones in time: a gap is no rhythm.</summary>
    double LevelAt(long timestampMs)
    {
        if (_last != long.MinValue)
        {
            double step = Math.Max(0, timestampMs - _last);
            _stepMs += (step < _stepMs || _stepMs == 0 ? 1 : SlowerBy) * (Math.Min(step, MostSteps * _rules.StepMs) - _stepMs);
        }
        _last = timestampMs;
        return Math.Min(Math.Max(MostP, _rules.PValue), _rules.PValue * Math.Clamp(_stepMs / _rules.StepMs, 1, MostSteps));
    }
}

/// <summary>What a <see cref="JointAlarm"/> says of a row.</summary>
/// <param name="Tail">Probability of a score at least this high, by the last two days.</param>
/// <param name="Beyond">The row is strange both ways.</param>
/// <param name="Stands">There is an alarm.</param>
/// <param name="Strange">There is one, and the row is still strange for the training.</param>
/// <param name="Lasts">There is one, and the row is still strange both ways, by half more than the level.</param>
/// <param name="Telling">How much there is to tell: what lasts is worth more than a row alone. Half the score and half its exponential mean.</param>
public readonly record struct JointJudgement(TailProbability Tail, bool Beyond, bool Stands, bool Strange, bool Lasts, double Telling);
