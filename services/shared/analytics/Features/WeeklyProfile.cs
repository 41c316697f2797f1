namespace Forewarn.Analytics;

/// <summary>What a series does at one hour of the week, in its transformed domain; nothing is known of a <c>default</c> one.</summary>
/// <param name="Level">The usual mean of the hour.</param>
/// <param name="Spread">The usual deviation of its minutes from that; 0 when not known.</param>
/// <param name="IsKnown">Enough days were seen.</param>
public readonly record struct HourLevel(double Level, double Spread, bool IsKnown);

/// <summary>
/// What a series usually does at each of the 168 hours of the week (UTC), fed by minutes. Mean and deviation of an hour are
/// taken over as the median of what was believed, the week before and this week: one odd hour changes nothing, two weeks that
/// agree do. What few weeks say is shrunk towards the hour of the day (<see cref="WeeklyShrinkage"/>). State is below 1.5 KB.
/// Not thread-safe.
/// </summary>
/// <remarks>
/// A habit that follows local time moves by an hour of UTC when daylight saving time begins or ends: for two weeks it is met at an
/// hour that does not expect it, and judged as if there were no profile.
/// </remarks>
public sealed class WeeklyProfile
{
    public const int Hours = 168;

    const byte CheckpointVersion = 1;
    const long HourMs = 3_600_000;

    /// <summary>The first hour of 1970 was on a Thursday; hour 0 of a week is on Monday.</summary>
    const int FirstHour = 72;

    /// <summary>A series so seldom that an hour holds less has no profile.</summary>
    const int MinutesNeeded = 3;

    /// <summary>After so many hours of silence it is another series.</summary>
    const int ForgottenHours = 4 * Hours;

    // Levels are kept as distances from the first one, in smallest scales of the unit: half precision suffices however large they are.
    const double Farthest = 60_000;

    readonly string _unit;
    readonly ValueTransform _transform;
    readonly WeeklyCell[] _cells = new WeeklyCell[Hours];
    long _hour = long.MinValue;
    int _count;
    double _sum;
    double _squares;
    double _origin;
    double _step;
    long _askedHour = long.MinValue;
    HourLevel _asked;

    /// <param name="unit">UCUM unit of the series, which tells its transform.</param>
    public WeeklyProfile(string unit)
    {
        _unit = unit;
        _transform = new ValueTransform(UnitTraits.TransformFor(unit), UnitTraits.ReferenceFor(unit));
    }

    public string Unit => _unit;

    /// <summary>Takes the mean of a minute. What is missing, not later than the hour under way, or more than float32 holds, is passed over.</summary>
    /// <param name="minuteStartMs">Unix milliseconds.</param>
    /// <param name="value">In the series' unit.</param>
    public void Add(long minuteStartMs, double value)
    {
        var hour = HourOf(minuteStartMs);
        if (hour < _hour || !(Math.Abs(value) <= float.MaxValue))
        {
            return;
        }

        var transformed = _transform.Forward(value);
        if (hour != _hour)
        {
            CloseHour();
            if (_hour == long.MinValue || hour - _hour > ForgottenHours)
            {
                Begin(transformed);
            }

            (_hour, _count, _sum, _squares) = (hour, 0, 0, 0);
        }

        var distance = Math.Clamp((transformed - _origin) / _step, -Farthest, Farthest);
        _count++;
        _sum += distance;
        _squares += distance * distance;
    }

    /// <summary>What is usual at an hour, by the weeks before it.</summary>
    /// <param name="timestampMs">Any time within the hour, unix milliseconds.</param>
    public HourLevel At(long timestampMs)
    {
        var hour = HourOf(timestampMs);
        if (hour != _askedHour)
        {
            (_askedHour, _asked) = (hour, Expect(IndexOf(hour)));
        }

        return _asked;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_unit);
        w.Write(_hour);
        w.Write(_count);
        foreach (var number in (ReadOnlySpan<double>)[_sum, _squares, _origin, _step])
        {
            w.Write(number);
        }

        foreach (ref readonly var cell in _cells.AsSpan())
        {
            cell.Write(w);
        }

        // What was asked last stays as it was answered, whatever was learned since.
        w.Write(_askedHour);
        w.Write(_asked.Level);
        w.Write(_asked.Spread);
        w.Write(_asked.IsKnown);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static WeeklyProfile Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a weekly profile");
        var profile = new WeeklyProfile(r.ReadString())
        {
            _hour = r.ReadInt64(),
            _count = r.ReadBoundedCount(int.MaxValue),
            _sum = r.ReadFinite(),
            _squares = r.ReadFinite(),
            _origin = r.ReadFinite(),
            _step = r.ReadFinite(),
        };
        foreach (ref var cell in profile._cells.AsSpan())
        {
            cell = WeeklyCell.Read(r);
        }

        profile._askedHour = r.ReadInt64();
        profile._asked = new HourLevel(r.ReadFinite(), r.ReadFinite(), r.ReadBoolean());
        return profile;
    }

    internal static long HourOf(long timestampMs) => (long)Math.Floor(timestampMs / (double)HourMs);

    static int IndexOf(long hour) => (int)((((hour + FirstHour) % Hours) + Hours) % Hours);

    void Begin(double transformed)
    {
        Array.Clear(_cells);
        _origin = transformed;
        _step = Math.Max(UnitTraits.AbsoluteScaleFloor(_unit), UnitTraits.RelativeScaleFloor(_unit) * Math.Abs(transformed));
    }

    void CloseHour()
    {
        if (_count < MinutesNeeded)
        {
            return;
        }

        var mean = _sum / _count;
        var spread = Math.Sqrt(Math.Max(0, (_squares / _count) - (mean * mean)));
        ref var cell = ref _cells[IndexOf(_hour)];
        var believed = cell.Weeks == 1 && WeeklyShrinkage.TryExpect(_cells, IndexOf(_hour), out var level, out _) ? level : mean;
        cell.Take(mean, spread, believed);
    }

    HourLevel Expect(int index) => WeeklyShrinkage.TryExpect(_cells, index, out var level, out var spread)
        ? new HourLevel(_origin + (_step * level), _step * spread, true)
        : default;
}
