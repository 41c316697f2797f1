namespace Forewarn.StreamProcessor;

/// <summary>
/// Mean, smallest, largest or growth per second of the values of a time. The time moves on in steps of a sixtieth of it, a second at
/// least; about a kilobyte. Not thread-safe.
/// </summary>
sealed class RollingWindow
{
    const int Steps = 60;
    const long LeastStepMs = 1000;

    readonly Measure _measure;
    readonly long _overMs;
    readonly long _stepMs;

    // Of each step: what was summed up, or the extreme; and of how many values, or how many milliseconds.
    readonly double[] _sums;
    readonly double[] _weights;
    long _newest = long.MinValue;
    long _began = long.MinValue;
    double _last = double.NaN;
    long _lastT;

    /// <param name="measure">A windowed one.</param>
    /// <param name="overMs">How far it looks back, milliseconds.</param>
    public RollingWindow(Measure measure, long overMs)
    {
        _measure = measure;
        _overMs = overMs;
        _stepMs = Math.Max(LeastStepMs, (overMs + (Steps * LeastStepMs) - 1) / (Steps * LeastStepMs) * LeastStepMs);
        var steps = (int)((overMs + _stepMs - 1) / _stepMs);
        (_sums, _weights) = (new double[steps], new double[steps]);
    }

    /// <summary>Milliseconds between the moments at which old values leave.</summary>
    public long StepMs => _stepMs;

    /// <summary>Takes a value; times ascend.</summary>
    /// <returns>What the window says then; NaN before it has seen its whole time once, and of growth before there were two values.</returns>
    public double Take(long t, double value)
    {
        Advance(t);
        var at = PlaceOf(_newest);
        switch (_measure)
        {
            case Measure.Mean:
                _sums[at] += value;
                _weights[at]++;
                break;
            case Measure.Rate:
                if (double.IsFinite(_last))
                {
                    // A counter that fell began again at zero.
                    _sums[at] += value >= _last ? value - _last : Math.Max(0, value);
                    _weights[at] += t - _lastT;
                }
                (_last, _lastT) = (value, t);
                break;
            case Measure.Min:
                _sums[at] = _weights[at] == 0 ? value : Math.Min(_sums[at], value);
                _weights[at]++;
                break;
            default:
                _sums[at] = _weights[at] == 0 ? value : Math.Max(_sums[at], value);
                _weights[at]++;
                break;
        }
        return t - _began >= _overMs - _stepMs ? Read() : double.NaN;
    }

    void Advance(long t)
    {
        var step = (long)Math.Floor((double)t / _stepMs);
        var passed = _newest == long.MinValue ? _sums.Length : Math.Min(step - _newest, _sums.Length);
        for (var i = 0L; i < passed; i++)
        {
            var at = PlaceOf(step - i);
            (_sums[at], _weights[at]) = (0, 0);
        }
        _began = _newest == long.MinValue ? t : _began;
        _newest = Math.Max(_newest, step);
    }

    // Times before 1970 are possible, if only as a mistake.
    int PlaceOf(long step) => (int)(((step % _sums.Length) + _sums.Length) % _sums.Length);

    double Read()
    {
        var (sum, weight, extreme) = (0.0, 0.0, double.NaN);
        for (var i = 0; i < _sums.Length; i++)
        {
            if (_weights[i] == 0)
                continue;
            sum += _sums[i];
            weight += _weights[i];
            extreme = double.IsNaN(extreme) ? _sums[i] : _measure == Measure.Min ? Math.Min(extreme, _sums[i]) : Math.Max(extreme, _sums[i]);
        }
        return _measure switch
        {
            Measure.Mean => weight > 0 ? sum / weight : double.NaN,
            Measure.Rate => weight > 0 ? sum / weight * 1000 : double.NaN,
            _ => extreme,
        };
    }
}
