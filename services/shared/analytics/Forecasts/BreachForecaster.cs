namespace Forewarn.Analytics;

/// <summary>
/// Predicts when a series with a known limit will hit it: Theil-Sen lines over 2 minutes, 12 minutes and 1 hour
/// (60 points each), believed only where the series is straight, surely rising, and not on a saw-tooth's usual way up.
/// State is about 3 KB. Not thread-safe.
/// </summary>
public sealed class BreachForecaster
{
    const byte CheckpointVersion = 1;
    const int AlarmNeeded = 4;
    const int AlarmOf = 5;
    const double WarmSeconds = 60;

    static readonly double[] SpansSeconds = [2, 12, 60];
    static readonly TimeSpan AlarmQuiet = TimeSpan.FromSeconds(30);

    readonly double _limit;
    readonly bool _upward;
    readonly TrendWindow[] _windows;
    Debouncer _alarm = new(AlarmNeeded, AlarmOf, AlarmQuiet);
    double _last = double.NaN;
    double _since = double.NaN;

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
    }

    /// <summary>The forecast as of <paramref name="t"/> (unix milliseconds), or null when no trend leads to the limit. Each call counts for <see cref="IsAlarming"/>.</summary>
    public BreachForecast? Evaluate(long t)
    {
        var forecast = Forecast(t / 1000.0);
        _alarm.Update(t, forecast is { } f && f.MedianSeconds <= AlarmHorizon.TotalSeconds);
        return forecast;
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
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static BreachForecaster Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a breach forecaster");
        var forecaster = new BreachForecaster(r.ReadDouble(), r.ReadBoolean())
        {
            _last = r.ReadDouble(),
            _since = r.ReadDouble(),
            _alarm = Debouncer.Read(r),
        };
        foreach (var window in forecaster._windows)
        {
            window.Restore(r);
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

        TrendFit? best = null;
        foreach (var window in _windows)
        {
            if (window.Fit(limit, now) is { } fit && fit.Quality > (best?.Quality ?? 0))
            {
                best = fit;
            }
        }

        return best is { } trend ? Describe(trend, Math.Max(0, limit - trend.Level)) : null;
    }

    BreachForecast Describe(TrendFit fit, double remaining)
    {
        // Pairwise slopes as a normal distribution; 10 % on top because no trend is forced to go on.
        var deviation = Math.Max((fit.SlopeHigh - fit.SlopeLow) / 1.683, 0.1 * fit.Slope);
        double slowest = fit.Slope - (1.2816 * deviation), fastest = fit.Slope + (1.2816 * deviation);
        return new BreachForecast(
            Within(300), Within(900), Within(3600),
            remaining / fit.Slope,
            remaining / fastest,
            slowest > 0 ? remaining / slowest : double.PositiveInfinity,
            _upward ? fit.Slope : -fit.Slope);

        double Within(double seconds) => NormalCdf((fit.Slope - (remaining / seconds)) / deviation);
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
