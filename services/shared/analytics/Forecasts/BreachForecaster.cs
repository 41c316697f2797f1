namespace Forewarn.Analytics;

/// <summary>
/// Predicts when a series with a known limit will hit it: Theil-Sen lines over 2 minutes, 12 minutes, 1 hour and 6 hours
/// (60 points each), believed only where they surely rise and explain the series better than a step does, not on a
/// saw-tooth's usual way up, not where yesterday went the same way and ended below the limit, and not where the window's
/// own forecasts were worse than persistence. State is about 7 KB. Not thread-safe.
/// </summary>
public sealed class BreachForecaster
{
    /// <summary>Normal deviations that one in ten exceeds.</summary>
    internal const double Tenth = 1.2816;

    const byte CheckpointVersion = 3;
    const byte WithoutCarrier = 2;
    const byte HourOnly = 1;
    const int None = -1;
    const int HourOnlyWindows = 3;
    const int AlarmNeeded = 4;
    const int AlarmOf = 5;
    const double WarmSeconds = 60;

    static readonly double[] SpansSeconds = [2, 12, 60, 360];

    const double FarthestSeconds = 7 * 86_400;
    const double LatestGrowth = 1.25;
    const int Bisections = 30;
    static readonly TimeSpan AlarmQuiet = TimeSpan.FromSeconds(30);

    readonly double _limit;
    readonly bool _upward;
    readonly TrendWindow[] _windows;
    readonly DayBefore _dayBefore = new();
    Debouncer _alarm = new(AlarmNeeded, AlarmOf, AlarmQuiet);
    double _last = double.NaN;
    double _since = double.NaN;
    int _longest = None;
    int _carrier = None;
    double _carrierReset = double.NegativeInfinity;

    /// <param name="limit">Value at which the resource is exhausted.</param>
    /// <param name="upward">True when trouble lies at or above the limit, false when at or below.</param>
    public BreachForecaster(double limit, bool upward = true)
    {
        _limit = limit;
        _upward = upward;
        _windows = [.. SpansSeconds.Select(span => new TrendWindow(span))];
    }

    /// <summary>Longest time to breach that counts as an alarm.</summary>
    public static TimeSpan AlarmHorizon { get; } = TimeSpan.FromMinutes(60);

    /// <summary>True once the breach was due within <see cref="AlarmHorizon"/> in 4 of 5 evaluations, until 30 s without.</summary>
    public bool IsAlarming => _alarm.IsOpen;

    /// <summary>The newest value is at or beyond the limit.</summary>
    public bool IsAtLimit => _last >= Orient(_limit);

    /// <summary>Takes a value; missing values are skipped. Times ascend.</summary>
    public void Add(long t, double v)
    {
        if (!double.IsFinite(v))
        {
            return;
        }

        _last = Orient(v);
        _since = double.IsNaN(_since) ? t / 1000.0 : _since;
        foreach (var window in _windows)
        {
            window.Add(t / 1000.0, _last);
        }

        _dayBefore.Add(t / 1000.0, _last);
    }

    /// <summary>The forecast as of <paramref name="t"/> (unix milliseconds), or null when no trend leads to the limit. Each call counts for <see cref="IsAlarming"/>.</summary>
    public BreachForecast? Evaluate(long t)
    {
        var forecast = Forecast(t / 1000.0);
        if (forecast is { MedianSeconds: > 0 } ahead && ahead.MedianSeconds <= AlarmHorizon.TotalSeconds)
        {
            (_carrier, _carrierReset) = (_longest, _windows[_longest].ResetTime);
        }

        _alarm.Update(t, forecast is { } f && f.MedianSeconds <= AlarmHorizon.TotalSeconds);
        return forecast;
    }

    /// <summary>
    /// True when the series has fallen back at once, by more than it varies and by half of what the longest window shows that the last
    /// forecast within the horizon rests on: a restart, a clean-up. That forecast has no ground any more, so it and the alarm end.
    /// </summary>
    /// <remarks>The relief of a saw-tooth on the way is no such fall: the longest window hardly shows it.</remarks>
    /// <param name="t">Now, unix milliseconds.</param>
    public bool TryEndByReset(long t)
    {
        if (_carrier == None || IsAtLimit)
        {
            return false;
        }

        var (now, finest) = (t / 1000.0, _windows[0]);
        var fell = _windows[_carrier].ResetTime > _carrierReset || _windows[_carrier].TryEnd(now, finest.Settled, finest.Noise);
        if (!fell)
        {
            return false;
        }

        foreach (var window in _windows)
        {
            window.TryEnd(now, finest.Settled, finest.Noise);
        }

        _alarm = new Debouncer(AlarmNeeded, AlarmOf, AlarmQuiet);
        _carrier = None;
        return true;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_limit);
        w.Write(_upward);
        w.Write(_last);
        w.Write(_since);
        _alarm.Write(w);
        foreach (var window in _windows)
        {
            window.Write(w);
        }

        _dayBefore.Write(w);
        w.Write(_carrier);
        w.Write(_carrierReset);
    }

    /// <summary>Restores what <see cref="Write"/> wrote, or its predecessors, of which the first one's windows end at an hour: what they lack begins empty.</summary>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint of these versions.</exception>
    public static BreachForecaster Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        var version = r.ReadByte();
        if (version is < HourOnly or > CheckpointVersion)
        {
            throw new InvalidDataException($"The checkpoint of a breach forecaster has version {version}, this program reads {HourOnly} to {CheckpointVersion}; discard it and start from history.");
        }

        var forecaster = new BreachForecaster(r.ReadDouble(), r.ReadBoolean())
        {
            _last = r.ReadDouble(),
            _since = r.ReadDouble(),
            _alarm = Debouncer.Read(r),
        };
        var isComplete = version >= WithoutCarrier;
        foreach (var window in forecaster._windows.AsSpan(0, isComplete ? SpansSeconds.Length : HourOnlyWindows))
        {
            window.Restore(r, isComplete);
        }

        if (isComplete)
        {
            forecaster._dayBefore.Restore(r);
        }

        if (version == CheckpointVersion)
        {
            (forecaster._carrier, forecaster._carrierReset) = (r.ReadInt32(), r.ReadDouble());
            if (forecaster._carrier is < None || forecaster._carrier >= SpansSeconds.Length)
            {
                throw new InvalidDataException($"The checkpoint of a breach forecaster rests on window {forecaster._carrier} of {SpansSeconds.Length}; discard it and start from history.");
            }
        }

        return forecaster;
    }

    BreachForecast? Forecast(double now)
    {
        var limit = Orient(_limit);
        if (_last >= limit)
        {
            return new BreachForecast(1, 1, 1, 0, 0, 0, 0);
        }

        // The first way up of a saw-tooth looks like a leak: wait until it had a chance to come down.
        if (!(now - _since >= WarmSeconds))
        {
            return null;
        }

        return Blend(limit, now) is { } trend && !_dayBefore.Explain(trend.Fit, limit, now) ? Describe(trend.Fit, trend.Width, limit, now) : null;
    }

    /// <summary>All convincing lines as one, the surest weighing most (inverse variance where they meet the limit).</summary>
    (TrendFit Fit, double Width)? Blend(double limit, double now)
    {
        double weights = 0, slopes = 0, levels = 0, widths = 0, leastDoubt = double.PositiveInfinity;
        TrendFit surest = default;
        for (var i = 0; i < _windows.Length; i++)
        {
            // Points as sparse as the next window's: that one sees the same.
            if (i + 1 < _windows.Length && _windows[i].Cadence >= SpansSeconds[i + 1])
            {
                continue;
            }

            foreach (var fit in _windows[i].Fits(limit, now))
            {
                var doubt = fit.DoubtOf(limit);
                var weight = 1 / (doubt * doubt);
                weights += weight;
                slopes += weight * fit.Slope;
                levels += weight * fit.At(now);
                widths += weight * _windows[i].Record.Width;
                (surest, leastDoubt) = doubt < leastDoubt ? (fit, doubt) : (surest, leastDoubt);
                _longest = i;
            }
        }

        if (weights == 0)
        {
            return null;
        }

        var slope = slopes / weights;
        return (surest with { Slope = slope, Level = (levels / weights) - (slope * (now - surest.Time)) }, widths / weights);
    }

    BreachForecast Describe(TrendFit fit, double width, double limit, double now)
    {
        var level = fit.At(now);
        var median = Math.Max(0, limit - level) / fit.Slope;
        double p5 = Within(300), p15 = Math.Max(p5, Within(900)), p60 = Math.Max(p15, Within(3600));
        return new BreachForecast(p5, p15, p60, median, Earliest(), Latest(), _upward ? fit.Slope : -fit.Slope);

        double Within(double seconds) => NormalCdf(Above(seconds, 0) / (width * fit.DeviationAt(now + seconds)));

        // How far beyond the limit, so many deviations off the line.
        double Above(double seconds, double deviations) =>
            level + (fit.Slope * seconds) + (deviations * width * fit.DeviationAt(now + seconds)) - limit;

        double Earliest() => Above(0, Tenth) >= 0 ? 0 : Crossing(0, median, Tenth);

        // What may be flat may never get there: the search widens until it does, or gives up.
        double Latest()
        {
            double low = median, high = Math.Max(LatestGrowth * median, 1);
            while (Above(high, -Tenth) < 0)
            {
                if (high > FarthestSeconds)
                {
                    return double.PositiveInfinity;
                }

                (low, high) = (high, LatestGrowth * high);
            }

            return Crossing(low, high, -Tenth);
        }

        double Crossing(double low, double high, double deviations)
        {
            for (var i = 0; i < Bisections; i++)
            {
                var middle = (low + high) / 2;
                (low, high) = Above(middle, deviations) < 0 ? (middle, high) : (low, middle);
            }

            return high;
        }
    }

    double Orient(double value) => _upward ? value : -value;

    // Zelen and Severo 1964 (Abramowitz and Stegun 26.2.17), error below 7.5e-8.
    static double NormalCdf(double x)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        var polynomial = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        var upper = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * polynomial;
        return x >= 0 ? 1 - upper : upper;
    }
}
