namespace Forewarn.Analytics;

/// <summary>What a method says about a sample.</summary>
/// <param name="Alarm">The limit will be hit soon, or is.</param>
/// <param name="MedianSeconds">Time to the breach; null when none is foreseen or the method does not tell.</param>
/// <param name="LowSeconds">Early end of the 80 % interval; null when the method gives none.</param>
/// <param name="HighSeconds">Its late end.</param>
public readonly record struct BreachWord(bool Alarm, double? MedianSeconds = null, double? LowSeconds = null, double? HighSeconds = null);

/// <summary>A method that foresees breaches, for one series. Samples come in order.</summary>
public interface IBreachPredictor
{
    BreachWord Take(long t, double value);
}

/// <summary>The forecaster that ships, as the predictor feeds it: every sample, and asked with each, since they come more than 5 s apart.</summary>
public sealed class ShippedPredictor(double limit) : IBreachPredictor
{
    readonly BreachForecaster _forecaster = new(limit);
    bool _wasPredicted;

    public BreachWord Take(long t, double value)
    {
        _forecaster.Add(t, value);
        var forecast = _forecaster.Evaluate(t);

        // As the predictor's watch has it: what was not seen coming is a state, not a prediction.
        _wasPredicted = _forecaster.IsAlarming && (_wasPredicted || forecast is { MedianSeconds: > 0 });
        return forecast is { } f ? new BreachWord(_wasPredicted, f.MedianSeconds, f.LowSeconds, f.HighSeconds) : new BreachWord(_wasPredicted);
    }
}

/// <summary>A fixed limit below the limit, 4 of 5 samples beyond it.</summary>
public sealed class StaticLimit(double limit) : IBreachPredictor
{
    readonly FourOfFive _alarm = new();

    public BreachWord Take(long t, double value) => new(_alarm.Take(value > limit));
}

/// <summary>A line through the last 30 samples by least squares; alarm when it hits the limit within the hour, 4 of 5 times.</summary>
public sealed class LeastSquaresLine(double limit) : IBreachPredictor
{
    const int Window = 30;
    const double HorizonSeconds = 3600;

    readonly Queue<(double Seconds, double Value)> _window = new();
    readonly FourOfFive _alarm = new();

    public BreachWord Take(long t, double value)
    {
        if (_window.Count == Window)
        {
            _window.Dequeue();
        }

        _window.Enqueue((t / 1000.0, value));
        var seconds = _window.Count < Window ? null : TimeToLimit(t / 1000.0);
        return new BreachWord(_alarm.Take(seconds <= HorizonSeconds), seconds);
    }

    double? TimeToLimit(double now)
    {
        // Times relative to now: the line's value there is its level.
        double times = 0, values = 0, squares = 0, products = 0;
        foreach (var (seconds, value) in _window)
        {
            var age = seconds - now;
            times += age;
            values += value;
            squares += age * age;
            products += age * value;
        }

        var slope = (products - (times * values / Window)) / (squares - (times * times / Window));
        var level = (values - (slope * times)) / Window;
        return slope > 0 ? Math.Max(0, (limit - level) / slope) : null;
    }
}

/// <summary>
/// Holt's level and trend, the trend damped with each step ahead (Holt 1957; Gardner, McKenzie 1985); alarm when the limit
/// is hit within the hour, 4 of 5 times. Measured, not deciding.
/// </summary>
public sealed class DampedHolt(double limit) : IBreachPredictor
{
    const double LevelGain = 0.05;
    const double TrendGain = 0.05;
    const double Damping = 0.999;
    const int Warm = 60;
    const double HorizonSeconds = 3600;

    readonly FourOfFive _alarm = new();
    double _level;
    double _trend;
    long _last;
    int _taken;

    public BreachWord Take(long t, double value)
    {
        if (_taken++ == 0)
        {
            (_level, _last) = (value, t);
            return default;
        }

        var before = _level;
        _level = (LevelGain * value) + ((1 - LevelGain) * (_level + (Damping * _trend)));
        _trend = (TrendGain * (_level - before)) + ((1 - TrendGain) * Damping * _trend);
        var step = (t - _last) / 1000.0;
        _last = t;
        var seconds = _taken > Warm ? StepsToLimit() * step : null;
        return new BreachWord(_alarm.Take(seconds <= HorizonSeconds), seconds);
    }

    /// <summary>n with level + trend (d + d^2 + ... + d^n) at the limit; null when even the whole sum does not reach it.</summary>
    double? StepsToLimit()
    {
        if (_level >= limit)
        {
            return 0;
        }

        var share = (limit - _level) / _trend * (1 - Damping) / Damping;
        return share is > 0 and < 1 ? Math.Log(1 - share) / Math.Log(Damping) : null;
    }
}

/// <summary>The debounce of the baselines: on while four of the last five samples asked for it.</summary>
sealed class FourOfFive
{
    readonly bool[] _recent = new bool[5];
    int _taken;

    public bool Take(bool beyond)
    {
        _recent[_taken++ % _recent.Length] = beyond;
        return _recent.Count(one => one) >= 4;
    }
}
