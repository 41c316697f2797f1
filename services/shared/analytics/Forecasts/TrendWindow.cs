namespace Forewarn.Analytics;

/// <summary>
/// The last 60 points of one time scale, each the mean of a span. A sharp drop (garbage collection, log rotation,
/// restart) ends the segment: the line starts anew, and the peak is remembered, since a series that was relieved there
/// before will most likely be relieved there again. A step up is no trend: a line must explain more than two levels do.
/// </summary>
sealed class TrendWindow(double spanSeconds)
{
    const int Capacity = TrendFit.MaxPoints;
    const int LeastPoints = 15;
    const int MostFits = 5;
    const double Straight = 0.9;
    const double LeastStraightness = 0.5;
    const double StepMargin = 1.1;

    // 1.1 here would delay a clear leak's alarm by an evaluation now and then.
    const double StraightMargin = 1;
    const double StraightReach = 10;
    const double Reach = 1;
    const int SeenPoints = 5;
    const double ResetMemorySeconds = 7200;
    const double PeakMargin = 0.25;

    readonly double[] _times = new double[Capacity];
    readonly double[] _values = new double[Capacity];
    readonly TrendFit[] _fits = new TrendFit[MostFits];
    int _fitCount;
    bool _fitted;
    int _count;
    double _bucket = double.NaN;
    double _sumTime;
    double _sum;
    int _inBucket;
    double _noise;
    double _peak = double.NegativeInfinity;
    double _ramp;
    double _resetTime = double.NegativeInfinity;

    /// <summary>What became of the window's own forecasts.</summary>
    public TrendRecord Record { get; } = new();

    /// <summary>When the series was last relieved, seconds; negative infinity = not that it is known.</summary>
    public double ResetTime => _resetTime;

    /// <summary>How much its points vary from one to the next.</summary>
    public double Noise => _noise;

    /// <summary>The higher of its last two points, NaN before there are two: one odd low value does not move it.</summary>
    public double Settled => _count < 2 ? double.NaN : Math.Max(_values[_count - 1], _values[_count - 2]);

    /// <summary>Seconds between its points; infinite before there are two.</summary>
    public double Cadence => _count < 2 ? double.PositiveInfinity : (_times[_count - 1] - _times[0]) / (_count - 1);

    /// <summary>Takes a value oriented so that the limit lies above; times in seconds, ascending.</summary>
    public void Add(double time, double value)
    {
        var bucket = Math.Floor(time / spanSeconds);
        if (_inBucket > 0 && bucket != _bucket)
        {
            Close();
        }

        _bucket = bucket;
        _sumTime += time;
        _sum += value;
        _inBucket++;
    }

    /// <summary>
    /// Ends the segment now where a value lies as far below it as a reset does: a long span's next point, which would show it, may
    /// be minutes away.
    /// </summary>
    /// <param name="time">Seconds.</param>
    /// <param name="value">Where the series is now.</param>
    /// <param name="noise">What it varies by on a shorter span: the drop must be far beyond that, too.</param>
    /// <returns>The segment has ended.</returns>
    public bool TryEnd(double time, double value, double noise)
    {
        if (_count == 0 || !IsReset(value, Math.Max(noise, _noise)))
        {
            return false;
        }

        Restart(time);
        (_sumTime, _sum, _inBucket) = (0, 0, 0);
        _fitted = false;
        return true;
    }

    /// <summary>The lines through the last 15, 22, 33, 49 and 60 points that convincingly lead to the limit; made anew with each point.</summary>
    public ReadOnlySpan<TrendFit> Fits(double limit, double now)
    {
        if (_count < LeastPoints || now - _times[_count - 1] > (3 * spanSeconds) + (2 * Cadence))
        {
            return [];
        }

        if (!_fitted)
        {
            Fit(limit);
            _fitted = true;
        }

        return Record.MaySpeak ? _fits.AsSpan(0, _fitCount) : [];
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        for (var i = 0; i < _count; i++)
        {
            writer.Write(_times[i]);
            writer.Write(_values[i]);
        }

        writer.Write(_bucket);
        writer.Write(_sumTime);
        writer.Write(_sum);
        writer.Write(_inBucket);
        writer.Write(_noise);
        writer.Write(_peak);
        writer.Write(_ramp);
        writer.Write(_resetTime);
        Record.Write(writer);
    }

    /// <param name="reader">Where <see cref="Write"/> wrote.</param>
    /// <param name="withRecord">False for checkpoints from before there was a record.</param>
    public void Restore(BinaryReader reader, bool withRecord)
    {
        _count = reader.ReadBoundedCount(Capacity);
        for (var i = 0; i < _count; i++)
        {
            _times[i] = reader.ReadDouble();
            _values[i] = reader.ReadDouble();
        }

        _bucket = reader.ReadDouble();
        _sumTime = reader.ReadDouble();
        _sum = reader.ReadDouble();
        _inBucket = reader.ReadInt32();
        _noise = reader.ReadDouble();
        _peak = reader.ReadDouble();
        _ramp = reader.ReadDouble();
        _resetTime = reader.ReadDouble();
        if (withRecord)
        {
            Record.Restore(reader);
        }
    }

    void Fit(double limit)
    {
        _fitCount = 0;
        for (var length = LeastPoints; ; length = length * 3 / 2)
        {
            var used = Math.Min(length, _count);
            ReadOnlySpan<double> times = _times.AsSpan(_count - used, used), values = _values.AsSpan(_count - used, used);
            var straightness = TrendFit.RisingStraightness(times, values);
            var margin = straightness >= Straight ? StraightMargin : StepMargin;
            if (straightness >= LeastStraightness && straightness > margin * TrendFit.StepShare(values))
            {
                var fit = TrendFit.Of(times, values, straightness);
                if (Convinces(fit, limit))
                {
                    _fits[_fitCount++] = fit;
                }
            }

            if (used == _count)
            {
                break;
            }
        }

        if (_fitCount > 0 && Record.IsFree)
        {
            var longest = _fits[_fitCount - 1];
            Record.Expect(longest, limit, longest.Spread * Math.Sqrt((double)longest.Points / SeenPoints));
        }
    }

    bool Convinces(TrendFit fit, double limit)
    {
        // A line reaches no further than ten times the stretch it was drawn through, one with much around it only once.
        var reach = fit.Straightness >= Straight ? StraightReach : Reach;
        return fit.SlopeLow > 0
            && (limit - fit.Level) / fit.Slope <= reach * fit.Span
            && fit.Level > _peak + (PeakMargin * _ramp);
    }

    void Close()
    {
        double time = _sumTime / _inBucket, value = _sum / _inBucket;
        (_sumTime, _sum, _inBucket) = (0, 0, 0);
        _fitted = false;
        if (time - _resetTime > ResetMemorySeconds)
        {
            (_peak, _ramp) = (double.NegativeInfinity, 0);
        }

        if (_count > 0)
        {
            if (IsReset(value, _noise))
            {
                Restart(time);
            }
            else
            {
                // Winsorised, so that drops do not hide the next drop.
                var change = Math.Abs(value - _values[_count - 1]);
                _noise = _count == 1 && _noise == 0 ? change : _noise + (0.1 * (Math.Min(change, 3 * _noise) - _noise));
                _noise = Math.Max(_noise, 1e-3 * change);
            }
        }

        if (_count == Capacity)
        {
            Array.Copy(_times, 1, _times, 0, Capacity - 1);
            Array.Copy(_values, 1, _values, 0, Capacity - 1);
            _count--;
        }

        _times[_count] = time;
        _values[_count++] = value;
        if (_count >= SeenPoints)
        {
            Record.Judge(_times[_count - 1 - (SeenPoints / 2)], LevelSeen());
        }
    }

    double LevelSeen()
    {
        Span<double> seen = stackalloc double[SeenPoints];
        _values.AsSpan(_count - SeenPoints, SeenPoints).CopyTo(seen);
        seen.Sort();
        return seen[SeenPoints / 2];
    }

    // Against the higher of the last two points: a drop inside a bucket spreads over two.
    bool IsReset(double value, double noise)
    {
        var before = Math.Max(_values[_count - 1], _values[Math.Max(0, _count - 2)]);
        var drop = before - value;
        var (min, max) = Extremes();
        return drop > 6 * noise && drop > 0.5 * (max - min) && _count >= 3;
    }

    void Restart(double time)
    {
        var (min, max) = Extremes();
        _peak = Math.Max(_peak, max);
        _ramp = Math.Max(_ramp, max - min);
        _resetTime = time;
        _count = 0;
        Record.Forget();
    }

    (double Min, double Max) Extremes()
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        for (var i = 0; i < _count; i++)
        {
            min = Math.Min(min, _values[i]);
            max = Math.Max(max, _values[i]);
        }

        return (min, max);
    }
}
