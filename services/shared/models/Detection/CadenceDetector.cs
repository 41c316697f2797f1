using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>What became of one score.</summary>
/// <param name="Tail">How probable such a score is on normal behaviour.</param>
/// <param name="Beyond">The tick is one of those that made or keep the decision.</param>
/// <param name="Alarming">A decision stands, and the tick would raise one by itself or nearly so.</param>
/// <param name="IsOpen">A decision stands.</param>
/// <param name="Change">It was opened or closed on this tick.</param>
readonly record struct ScoreDecision(TailProbability Tail, bool Beyond, bool Alarming, bool IsOpen, DebounceChange Change)
{
    public static DebounceChange ChangeOf(bool wasOpen, bool isOpen) =>
        wasOpen == isOpen ? DebounceChange.None : isOpen ? DebounceChange.Opened : DebounceChange.Closed;
}

/// <summary>Calibration and decision on one cadence of one entity. Not thread-safe.</summary>
sealed class CadenceDetector(CadenceRules rules, DetectorOptions options, CalibrationPrior prior)
{
    const byte CheckpointVersion = 2;

    DetectorOptions _options = options;
    double _level = AlarmLevel.PValue(options.FalseAlarmsPerWeek, rules);
    TailCalibrator _calibrator = new(prior, DecisionDefaults.CalibrationHorizon);
    Debouncer _debouncer = new(rules.Needed, rules.Of, rules.Quiet);
    long _lastBeyond = long.MinValue / 2;

    public CadenceRules Rules => rules;

    /// <summary>Event time of the newest tick decided on; <see cref="long.MinValue"/> before the first.</summary>
    public long LastT { get; private set; } = long.MinValue;

    /// <summary>Event time at which what is open began to show.</summary>
    public long Since { get; private set; }

    public bool IsOpen => _debouncer.IsOpen;

    /// <param name="t">Later than <see cref="LastT"/>.</param>
    /// <param name="score">The model's score, for a plain threshold.</param>
    /// <param name="strangeness">What is calibrated.</param>
    /// <param name="isCold">Too young to be judged: the score is neither learned nor counted.</param>
    public ScoreDecision Decide(long t, float score, float strangeness, bool isCold)
    {
        LastT = t;
        var tail = _calibrator.Evaluate(strangeness);
        var beyond = !isCold && (_options.Threshold is { } threshold ? score >= threshold : tail.P <= _level);
        if (!isCold)
            _calibrator.Admit(t, strangeness);
        if (beyond)
        {
            if (t - _lastBeyond > (long)rules.Of * rules.CadenceMs && !_debouncer.IsOpen)
                Since = t;
            _lastBeyond = t;
        }
        var change = _debouncer.Update(t, beyond);
        return new ScoreDecision(tail, beyond, beyond && _debouncer.IsOpen, _debouncer.IsOpen, change);
    }

    /// <summary>Another level from here on; what was learned and what is open stay.</summary>
    public void Use(DetectorOptions next) => (_options, _level) = (next, AlarmLevel.PValue(next.FalseAlarmsPerWeek, rules));

    /// <summary>Scores of another model cannot be compared: what was learned about them goes.</summary>
    public void Recalibrate(CalibrationPrior newPrior) => _calibrator = new TailCalibrator(newPrior, DecisionDefaults.CalibrationHorizon);

    /// <summary>Goes on with what another detector on the same cadence has learned about the scores of the new model.</summary>
    public void Recalibrate(CadenceDetector learned) => _calibrator = learned._calibrator;

    public void Write(BinaryWriter writer)
    {
        writer.Write(CheckpointVersion);
        writer.Write(LastT);
        writer.Write(Since);
        writer.Write(_lastBeyond);
        _calibrator.Write(writer);
        _debouncer.Write(writer);
    }

    public static CadenceDetector Read(BinaryReader reader, CadenceRules rules, DetectorOptions options, CalibrationPrior prior)
    {
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"A detector has version {version}, this program reads {CheckpointVersion}.");
        return new CadenceDetector(rules, options, prior)
        {
            LastT = reader.ReadInt64(),
            Since = reader.ReadInt64(),
            _lastBeyond = reader.ReadInt64(),
            _calibrator = TailCalibrator.Read(reader, prior, DecisionDefaults.CalibrationHorizon),
            _debouncer = Debouncer.Read(reader),
        };
    }
}
