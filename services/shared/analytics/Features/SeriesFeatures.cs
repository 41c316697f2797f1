namespace Forewarn.Analytics;

/// <summary>
/// Rolling features of one series (see <see cref="FeatureSpec"/>), without allocation. State is about 3.8 KB, in one piece. Not
/// thread-safe: one owner per entity.
/// </summary>
/// <remarks>
/// The first twelve (<see cref="RollingMetric"/>), baseline and scale are in the unit of the series, so people can read
/// them; baseline plus and minus three scales is the normal range. The z features live in the transformed domain
/// (<see cref="Transform"/>): the distance from a robust baseline, the median of the last 300 ticks, over
/// max(IQR / 1.349 growing by at most 1 % a tick, what past excursions demand, floors of the unit). Z takes the value, ZDelta the step; ZLevel takes
/// the level 7 of the last 8 ticks stayed beyond, and remembers excursions of that level apart: a series may spike
/// every minute and still betray the shift that lasts.
/// </remarks>
public sealed class SeriesFeatures
{
    const byte CheckpointVersion = 3;

    // Over a minute of load the scale can not even double, however few samples the window holds.
    const double ScaleGrowth = 1.01;

    readonly string _unit;
    readonly ValueTransform _transform;
    readonly double _absoluteFloor;
    readonly double _relativeFloor;
    readonly double _idleFloor;
    readonly double _idleReach;
    readonly SeasonalBaseline _season;
    double _previousTransformed;
    double _core;
    ExcursionMemory _spikes;
    ExcursionMemory _shifts;
    QuartileWindow _window;
    RollingMetric _recent;

    public SeriesFeatures(string unit)
        : this(unit, new RollingMetric(), new QuartileWindow(), new ExcursionMemory(), new ExcursionMemory(), new SeasonalBaseline())
    {
    }

    SeriesFeatures(string unit, RollingMetric recent, QuartileWindow window, ExcursionMemory spikes, ExcursionMemory shifts, SeasonalBaseline season)
    {
        _unit = unit;
        _transform = new ValueTransform(UnitTraits.TransformFor(unit), UnitTraits.ReferenceFor(unit));
        _absoluteFloor = UnitTraits.AbsoluteScaleFloor(unit);
        _relativeFloor = UnitTraits.RelativeScaleFloor(unit);
        (_idleFloor, _idleReach) = UnitTraits.IdleScaleFloor(unit);
        _recent = recent;
        _window = window;
        _spikes = spikes;
        _shifts = shifts;
        _season = season;
    }

    public string Unit => _unit;

    /// <summary>Values seen, gaps not counted.</summary>
    public int Samples { get; private set; }

    /// <summary>Ticks at which the value was missing.</summary>
    public int Gaps { get; private set; }

    /// <summary>Time of the last value, unix milliseconds; 0 before the first.</summary>
    public long LastTimestampMs { get; private set; }

    public Maturity Maturity => MaturityLevels.Of(Samples);

    /// <summary>Takes one tick and writes its features. What is missing, or more than float32 holds, gives NaN everywhere and changes nothing but <see cref="Gaps"/>.</summary>
    /// <param name="timestampMs">Event time, unix milliseconds.</param>
    /// <param name="value">The value in the series' unit, NaN when missing.</param>
    /// <param name="features">At least <see cref="FeatureSpec.Count"/> long.</param>
    /// <param name="usual">What the series does at this hour of the week, where a <see cref="WeeklyProfile"/> is kept.</param>
    public void Update(long timestampMs, double value, Span<float> features, in HourLevel usual = default)
    {
        if (features.Length < FeatureSpec.Count)
        {
            throw new ArgumentException($"Needs {FeatureSpec.Count} places, got {features.Length}.", nameof(features));
        }

        features = features[..FeatureSpec.Count];
        if (!(Math.Abs(value) <= float.MaxValue))
        {
            Gaps++;
            features.Fill(float.NaN);
            return;
        }

        CacheLine.Expect(in _spikes);
        CacheLine.Expect(in _shifts);
        _recent.Expect();
        _window.Expect();
        var transformed = _transform.Forward(value);
        var step = Samples == 0 ? 0 : transformed - _previousTransformed;
        _previousTransformed = transformed;
        Samples = Samples == int.MaxValue ? Samples : Samples + 1;
        LastTimestampMs = timestampMs;

        _recent.Update(value, features);
        _window.Add((float)transformed);
        var baseline = _window.Median;
        var core = CoreScale(baseline);
        _core = core = Samples > MaturityLevels.WarmSamples ? Math.Min(core, _core * ScaleGrowth) : core;
        var scale = Math.Max(core, _spikes.Scale);
        var shift = _window.SustainedLevel(baseline) - baseline;
        var shiftScale = Math.Max(core, _shifts.Scale);
        _spikes.Update(Samples, Math.Abs(transformed - baseline), core);
        _shifts.Update(Samples, Math.Abs(shift), core);

        _season.Update(timestampMs, usual, transformed - baseline, scale);
        var (middle, width) = (baseline + _season.Correction, Math.Max(scale, _season.Spread));
        features[FeatureSpec.Baseline] = (float)_transform.Inverse(middle);
        features[FeatureSpec.Scale] = (float)((_transform.Inverse(middle + (3 * width)) - _transform.Inverse(middle - (3 * width))) / 6);

        // A baseline of a few samples proves nothing: cold series read as unremarkable.
        var cold = Maturity == Maturity.Cold;
        var season = (transformed - middle) / width;
        features[FeatureSpec.Z] = cold ? 0 : Clip(Milder((transformed - baseline) / scale, season));
        features[FeatureSpec.ZLevel] = cold ? 0 : Clip(Milder(shift / shiftScale, (shift - _season.Correction) / Math.Max(shiftScale, _season.Spread)));
        features[FeatureSpec.ZDelta] = cold ? 0 : Clip(step / width);
        features[FeatureSpec.Season] = cold || !_season.HasSkill ? 0 : Clip(season);
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_unit);
        w.Write(Samples);
        w.Write(Gaps);
        w.Write(LastTimestampMs);
        w.Write(_previousTransformed);
        w.Write(_core);
        _recent.Write(w);
        _window.Write(w);
        _spikes.Write(w);
        _shifts.Write(w);
        _season.Write(w);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static SeriesFeatures Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "series features");
        var unit = r.ReadString();
        var samples = r.ReadInt32();
        var gaps = r.ReadInt32();
        var last = r.ReadInt64();
        double previousTransformed = r.ReadDouble(), core = r.ReadDouble();
        return new SeriesFeatures(unit, RollingMetric.Read(r), QuartileWindow.Read(r), ExcursionMemory.Read(r), ExcursionMemory.Read(r), SeasonalBaseline.Read(r))
        {
            Samples = samples,
            Gaps = gaps,
            LastTimestampMs = last,
            _previousTransformed = previousTransformed,
            _core = core,
        };
    }

    double CoreScale(double baseline)
    {
        var spread = (_window.Upper - _window.Lower) / 1.349;

        // Few samples underestimate the spread of a series that wanders.
        spread *= 1 + (10.0 / _window.Count);
        var floor = Math.Max(_absoluteFloor, _relativeFloor * Math.Abs(baseline)) + (_idleFloor * Math.Exp(-Math.Abs(baseline) / _idleReach));
        return Math.Max(spread, floor);
    }

    /// <summary>What the hour of the week explains is no news; what only it finds strange is left to <see cref="FeatureSpec.Season"/>.</summary>
    static double Milder(double plain, double seasonal) => Math.Abs(seasonal) < Math.Abs(plain) ? seasonal : plain;

    static float Clip(double z) => (float)Math.Clamp(z, -FeatureSpec.ZLimit, FeatureSpec.ZLimit);
}
