namespace Forewarn.Analytics;

/// <summary>
/// Moves a rolling baseline by what the hour of the week lets expect: the usual level of this hour less that of the hours the
/// window holds, so that a series without a rhythm, or one that changed its level for good, is left alone. It does nothing until
/// it has explained variance: the squared errors with and without it are compared over the last two weeks, each error against a
/// profile that has not seen it.
/// </summary>
sealed class SeasonalBaseline
{
    // The window's 300 samples span five minutes of seconds and two days of samples ten minutes apart.
    const int MostRuns = 64;
    const int HoursNeeded = 48;
    const int HoursRemembered = 2 * WeeklyProfile.Hours;
    const double SkillNeeded = 0.05;

    // One fault must not decide what two weeks were like.
    const double FarthestScales = 6;

    Run[] _runs = new Run[2];
    int _count;
    int _samples;
    long _hour = long.MinValue;

    // Of the hour under way, then the mean of those before.
    double _plainSum;
    double _seasonalSum;
    int _sums;
    double _plain;
    double _seasonal;
    int _hours;

    /// <summary>The profile has explained enough of the squared error, for long enough.</summary>
    public bool HasSkill => _hours >= HoursNeeded && _seasonal <= (1 - SkillNeeded) * _plain;

    /// <summary>What to add to the baseline, in the transformed domain; 0 without skill.</summary>
    public double Correction { get; private set; }

    /// <summary>Deviation that is usual at this hour; 0 without skill.</summary>
    public double Spread { get; private set; }

    /// <param name="timestampMs">Unix milliseconds.</param>
    /// <param name="usual">What is known of its hour.</param>
    /// <param name="deviation">The value less the baseline, in the transformed domain.</param>
    /// <param name="scale">Scale without a profile.</param>
    public void Update(long timestampMs, in HourLevel usual, double deviation, double scale)
    {
        (Correction, Spread) = (0, 0);
        if (!usual.IsKnown)
        {
            return;
        }

        var hour = WeeklyProfile.HourOf(timestampMs);
        if (hour != _hour)
        {
            CloseHour();
            _hour = hour;
            Begin(usual);
        }

        Slide();
        var middle = MiddleRun();
        var correction = usual.Level - middle.Level;
        var spread = Math.Max(usual.Spread, middle.Spread);
        if (HasSkill)
        {
            (Correction, Spread) = (correction, spread);
        }

        var farthest = FarthestScales * Math.Max(scale, spread);
        _plainSum += Square(deviation, farthest);
        _seasonalSum += Square(deviation - correction, farthest);
        _sums++;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        for (var i = 0; i < _count; i++)
        {
            writer.Write((double)_runs[i].Level);
            writer.Write((double)_runs[i].Spread);
            writer.Write(_runs[i].Samples);
        }

        writer.Write(_hour);
        writer.Write(_plainSum);
        writer.Write(_seasonalSum);
        writer.Write(_sums);
        writer.Write(_plain);
        writer.Write(_seasonal);
        writer.Write(_hours);
    }

    public static SeasonalBaseline Read(BinaryReader reader)
    {
        var season = new SeasonalBaseline { _count = reader.ReadBoundedCount(MostRuns) };
        season._runs = new Run[Math.Max(2, season._count)];
        for (var i = 0; i < season._count; i++)
        {
            season._runs[i] = new Run((float)reader.ReadFinite(), (float)reader.ReadFinite(), reader.ReadBoundedCount(QuartileWindow.Capacity));
            season._samples += season._runs[i].Samples;
        }

        var hour = reader.ReadInt64();
        season._hour = season._count == 0 ? long.MinValue : hour;
        season._plainSum = reader.ReadFinite();
        season._seasonalSum = reader.ReadFinite();
        season._sums = reader.ReadBoundedCount(int.MaxValue);
        season._plain = reader.ReadFinite();
        season._seasonal = reader.ReadFinite();
        season._hours = reader.ReadBoundedCount(HoursRemembered);
        return season;
    }

    static double Square(double error, double farthest) => Math.Min(error * error, farthest * farthest);

    // Every hour counts alike, whether it holds 3,600 ticks or 6.
    void CloseHour()
    {
        if (_sums > 0)
        {
            _hours = Math.Min(_hours + 1, HoursRemembered);
            _plain += ((_plainSum / _sums) - _plain) / _hours;
            _seasonal += ((_seasonalSum / _sums) - _seasonal) / _hours;
            (_plainSum, _seasonalSum, _sums) = (0, 0, 0);
        }
    }

    void Begin(in HourLevel usual)
    {
        if (_count == MostRuns)
        {
            DropOldest();
        }

        if (_count == _runs.Length)
        {
            Array.Resize(ref _runs, 2 * _count);
        }

        _runs[_count++] = new Run((float)usual.Level, (float)usual.Spread, 0);
    }

    /// <summary>Follows the baseline's own window, sample by sample.</summary>
    void Slide()
    {
        _runs[_count - 1].Samples++;
        if (++_samples > QuartileWindow.Capacity)
        {
            _samples--;
            if (--_runs[0].Samples == 0)
            {
                DropOldest();
            }
        }
    }

    void DropOldest()
    {
        _samples -= _runs[0].Samples;
        _runs.AsSpan(1, _count - 1).CopyTo(_runs);
        _count--;
    }

    /// <summary>The hour whose level is the median of the window, as the baseline is one.</summary>
    Run MiddleRun()
    {
        if (_count == 1)
        {
            return _runs[0];
        }

        Span<Run> sorted = stackalloc Run[_count];
        for (var i = 0; i < _count; i++)
        {
            var slot = i;
            for (; slot > 0 && sorted[slot - 1].Level > _runs[i].Level; slot--)
            {
                sorted[slot] = sorted[slot - 1];
            }

            sorted[slot] = _runs[i];
        }

        var (at, passed) = (0, sorted[0].Samples);
        while (2 * passed < _samples)
        {
            passed += sorted[++at].Samples;
        }

        return sorted[at];
    }

    /// <summary>Samples of the window that came in one hour.</summary>
    struct Run(float level, float spread, int samples)
    {
        public readonly float Level = level;
        public readonly float Spread = spread;
        public int Samples = samples;
    }
}
