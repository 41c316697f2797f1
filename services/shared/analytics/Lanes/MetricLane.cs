namespace Forewarn.Analytics;

/// <summary>
/// One metric judged for itself: how new its latest points are (<see cref="NoveltyScore"/>), told once for an event, as a
/// probability of its own past, and what kind of thing happens.
/// </summary>
/// <remarks>
/// Points come in order of time, missing ones through <see cref="Miss"/>. Deterministic; no allocation a point after
/// construction. Not thread-safe.
/// </remarks>
public sealed class MetricLane
{
    /// <summary>Points that the neighbour search compares with.</summary>
    public const int DefaultLags = 1000;

    /// <summary>Share of its own past as strange as a point of the only metric has to be to open an alarm, at two false alarms a week.</summary>
    public const double OpensAt = 1e-3;

    /// <summary>Greater values, of either sign, count as this: their squares still fit, and so do float32 differences.</summary>
    public const double Greatest = 1e37;

    const byte CheckpointVersion = 2;
    const int QuietPoints = 10;

    /// <summary>The calibration counts points, each as a minute of its five days: 7,200.</summary>
    const long PointMs = 60_000;

    /// <summary>Fewest points before strangeness alone opens an alarm: windows and rarities must have something to compare with.</summary>
    const int WarmPoints = 200;

    /// <summary>
    /// Kinds that hold open what rarity has opened. By themselves they would open three times as often as rarity does on
    /// labelled data, and find less.
    /// </summary>
    const LaneEvents Departed = LaneEvents.Spike | LaneEvents.Level;

    readonly NoveltyScore _novelty;
    ToldOnce _told = new();
    TailCalibrator _calibrator = new(StrangenessPrior.Value, DecisionDefaults.CalibrationHorizon, shape: StrangenessPrior.TailShape);
    LevelWatch _level = new();
    DriftWatch _drift = new();
    SpreadWatch _spread = new();
    long _points;
    bool _open;
    int _quiet;

    /// <param name="lags">Points that windows are compared with, 100 to 100,000.</param>
    /// <param name="opensAt">Share of its own past as strange as a point has to be to open an alarm.</param>
    public MetricLane(int lags = DefaultLags, double opensAt = OpensAt)
        : this(opensAt, new NoveltyScore(lags))
    {
    }

    MetricLane(double opensAt, NoveltyScore novelty) => (Level, _novelty) = (opensAt, novelty);

    /// <summary>Share of its own past as strange as a point has to be to open an alarm, from here on.</summary>
    public double Level { get; set; }

    /// <summary>Takes a point; one that is not finite counts as missing.</summary>
    /// <param name="timestampMs">Event time, unix milliseconds.</param>
    /// <param name="value">In the metric's own unit.</param>
    public LaneJudgement Take(long timestampMs, double value)
    {
        if (!double.IsFinite(value))
        {
            return Miss();
        }

        value = Math.Clamp(value, -Greatest, Greatest);
        _points++;
        var events = EventsAt(timestampMs, value);
        var strangeness = _novelty.Take(value);
        var score = _told.Take(strangeness);
        var tail = _calibrator.Evaluate(strangeness);
        _calibrator.Admit(_points * PointMs, strangeness);
        return new LaneJudgement(score, strangeness, tail, events, Decide(tail.P <= Level && _points > WarmPoints, events));
    }

    /// <summary>Says that no point came with a tick: nothing is known, and what is open stays so.</summary>
    public LaneJudgement Miss() => new(0, 0, new TailProbability(1, Extrapolated: false), LaneEvents.None, _open);

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_points);
        w.Write(_open);
        w.Write(_quiet);
        _novelty.Write(w);
        _told.Write(w);
        _calibrator.Write(w);
        _level.Write(w);
        _drift.Write(w);
        _spread.Write(w);
    }

    /// <param name="r">Where <see cref="Write"/> wrote.</param>
    /// <param name="opensAt">As for the constructor.</param>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static MetricLane Read(BinaryReader r, double opensAt = OpensAt)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a metric lane");
        var (points, open, quiet) = (r.ReadInt64(), r.ReadBoolean(), r.ReadInt32());
        return new MetricLane(opensAt, NoveltyScore.Read(r))
        {
            _points = points,
            _open = open,
            _quiet = quiet,
            _told = ToldOnce.Read(r),
            _calibrator = TailCalibrator.Read(r, StrangenessPrior.Value, DecisionDefaults.CalibrationHorizon, shape: StrangenessPrior.TailShape),
            _level = LevelWatch.Read(r),
            _drift = DriftWatch.Read(r),
            _spread = SpreadWatch.Read(r),
        };
    }

    LaneEvents EventsAt(long timestampMs, double value)
    {
        var events = _level.Take(timestampMs, value);
        if (_drift.Take(_level.Median, _level.Deviation))
        {
            events |= LaneEvents.Trend;
        }

        if (_spread.Take(value))
        {
            events |= LaneEvents.Variance;
        }

        return events;
    }

    bool Decide(bool rare, LaneEvents events)
    {
        if (rare || (_open && (events & Departed) != LaneEvents.None))
        {
            (_open, _quiet) = (true, 0);
        }
        else if (_open && ++_quiet >= QuietPoints)
        {
            _open = false;
        }

        return _open;
    }
}
