namespace Forewarn.Analytics;

/// <summary>
/// Watches one metric for what needs no model: that it does not come, drops to zero, leaves its level, stands still, runs or creeps away. Each is
/// told when the metric's own past makes it improbable, after three ticks at the earliest. About 550 bytes; nothing is
/// allocated. Not thread-safe.
/// </summary>
/// <remarks>
/// What is told lasts until three ticks in a row know nothing of it, for <see cref="LongestMs"/> at most: after that time it is what
/// there is.
/// </remarks>
public sealed class MetricWatch
{
    /// <summary>Longest time that something is told for, milliseconds.</summary>
    public const long LongestMs = 60 * 60_000;

    const byte CheckpointVersion = 3;

    /// <summary>A metric that repeats itself more often is not one that practically always moves.</summary>
    const double MostRepeats = 0.01;

    /// <summary>A metric that repeats itself more often goes in steps: another step is no new level.</summary>
    const double MostRepeatsOfLevels = 0.5;

    /// <summary>A metric that is zero more often is not one that practically never is.</summary>
    const double MostZeros = 0.01;

    /// <summary>Scales that zero has to lie below the baseline.</summary>
    const float FarFromZero = 5;
    const int OverAfter = 3;

    ArrivalWatch _arrivals;
    RunWatch _same;
    RunWatch _zeros;
    ShiftWatch _shift;
    CreepWatch _creep;
    RampWatch _ramp;
    long _lastT = long.MinValue / 2;
    long _arrivedAt;
    long _stoodSince;
    long _farSince;
    long _since;
    float _last = float.NaN;
    float _baseline;
    float _scale;
    MetricEvent _lasting;
    byte _over;
    bool _wasNegative;
    bool _fell;

    /// <summary>What is told now.</summary>
    public MetricEvent Event => IsOld ? MetricEvent.None : _lasting;

    /// <summary>Event time at which what is told began, unix milliseconds; of a silence, when the metric came last, and of a trend, when it was sure.</summary>
    public long Since => _since;

    /// <summary>The newest value that came; NaN before the first.</summary>
    public float Last => _last;

    /// <summary>Baseline and scale when it began, in the metric's unit; of a trend, plus and minus three scales are where it was before.</summary>
    public (float Baseline, float Scale) Usual => (_baseline, _scale);

    /// <summary>Usual ticks of its entity from one value to the next; 0 while unknown.</summary>
    public double Interval => _arrivals.Usual;

    /// <summary>Share of its values that repeat the one before.</summary>
    public double Repeats => _same.Share;

    /// <summary>Probability of what is told by the metric's own past, if its points know nothing of each other; 1 while nothing is.</summary>
    public double P => Event switch
    {
        MetricEvent.Silence => _arrivals.P,
        MetricEvent.DropToZero => _zeros.P,
        MetricEvent.Level => _shift.P,
        MetricEvent.FlatLine => _same.P,
        MetricEvent.Trend => _creep.P,
        MetricEvent.Ramp => _ramp.P,
        _ => 1,
    };

    bool IsOld => _lastT - _since >= LongestMs;

    /// <summary>Takes a tick of the metric's entity.</summary>
    /// <param name="t">Event time, unix milliseconds; ascending.</param>
    /// <param name="features">Of <see cref="FeatureSpec"/>; NaN when the metric is missing.</param>
    /// <param name="improbable">Probability of a run, at most, that is told.</param>
    public MetricEvent Take(long t, ReadOnlySpan<float> features, double improbable)
    {
        var value = features[FeatureSpec.Value];
        _lastT = t;
        if (float.IsNaN(value))
        {
            Follow(_arrivals.Take(arrived: false, improbable) ? MetricEvent.Silence : MetricEvent.None, _arrivedAt);
            return Event;
        }

        _arrivals.Take(arrived: true, improbable);
        _arrivedAt = t;
        if (_lasting == MetricEvent.None)
        {
            (_baseline, _scale) = (features[FeatureSpec.Baseline], features[FeatureSpec.Scale]);
        }

        var happens = Measured(t, value, features, improbable);
        Follow(happens, happens switch { MetricEvent.Level => _farSince, MetricEvent.Trend => t, MetricEvent.Ramp => _ramp.LeftAt, _ => _stoodSince });
        return Event;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        _arrivals.Write(w);
        _same.Write(w);
        _zeros.Write(w);
        _shift.Write(w);
        _creep.Write(w);
        _ramp.Write(w);
        foreach (var time in (ReadOnlySpan<long>)[_lastT, _arrivedAt, _stoodSince, _farSince, _since])
        {
            w.Write(time);
        }

        w.Write(_last);
        w.Write(_baseline);
        w.Write(_scale);
        w.Write((byte)_lasting);
        w.Write(_over);
        w.Write(_wasNegative);
        w.Write(_fell);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static MetricWatch Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a metric's watch");
        return new MetricWatch
        {
            _arrivals = ArrivalWatch.Read(r),
            _same = RunWatch.Read(r),
            _zeros = RunWatch.Read(r),
            _shift = ShiftWatch.Read(r),
            _creep = CreepWatch.Read(r),
            _ramp = RampWatch.Read(r),
            _lastT = r.ReadInt64(),
            _arrivedAt = r.ReadInt64(),
            _stoodSince = r.ReadInt64(),
            _farSince = r.ReadInt64(),
            _since = r.ReadInt64(),
            _last = r.ReadSingle(),
            _baseline = r.ReadSingle(),
            _scale = r.ReadSingle(),
            _lasting = (MetricEvent)r.ReadByte(),
            _over = r.ReadByte(),
            _wasNegative = r.ReadBoolean(),
            _fell = r.ReadBoolean(),
        };
    }

    MetricEvent Measured(long t, float value, ReadOnlySpan<float> features, double improbable)
    {
        var stands = value == _last;
        if (!stands)
        {
            _stoodSince = t;
        }

        if (value == 0 && !stands)
        {
            _fell = features[FeatureSpec.Z] <= -FarFromZero;
        }

        _wasNegative |= value < 0;
        _last = value;
        var isAway = _shift.Take(features, _same.Share <= MostRepeatsOfLevels ? improbable : 0, _same.Share <= MostRepeats, IsOld);
        if (_shift.Run == 1)
        {
            _farSince = t;
        }

        // A metric of zero that does not fall far is at rest, and stands still there.
        var isFlat = _same.Take(stands, improbable, MostRepeats) && value != 0;
        var isZero = _zeros.Take(value == 0, improbable, MostZeros) && _fell && !_wasNegative;
        var creeps = _creep.Take(t, features, improbable);
        var runs = _ramp.Take(t, features, _same.Share <= MostRepeatsOfLevels ? improbable : 0);
        return isZero ? MetricEvent.DropToZero
            : isAway ? MetricEvent.Level
            : isFlat ? MetricEvent.FlatLine
            : runs ? MetricEvent.Ramp
            : creeps ? MetricEvent.Trend
            : MetricEvent.None;
    }

    void Follow(MetricEvent happens, long since)
    {
        if (happens == MetricEvent.None)
        {
            _over = (byte)Math.Min(_over + 1, OverAfter);
            _lasting = _over == OverAfter ? MetricEvent.None : _lasting;
            return;
        }

        if (_lasting == MetricEvent.None)
        {
            _since = since;
            if (happens == MetricEvent.Trend)
            {
                var (low, high) = _creep.Range;
                (_baseline, _scale) = ((low + high) / 2, (high - low) / 6);
            }
            else if (happens == MetricEvent.Ramp)
            {
                (_baseline, _scale) = _ramp.Usual;
            }
        }

        // The more telling one names it, until both are over.
        _over = 0;
        _lasting = happens > _lasting ? happens : _lasting;
    }
}
