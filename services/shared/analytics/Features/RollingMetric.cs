using System.Runtime.CompilerServices;

namespace Forewarn.Analytics;

/// <summary>
/// The first <see cref="FeatureSpec.JointCount"/> features of a series: value, step, mean and (population) deviation of the
/// last 5, 20, 60 and 240 points, and how far the value is from its EWMAs. A few sums a tick, nothing allocated.
/// </summary>
/// <remarks>
/// Sums are kept of distances from a middle near the newest values, and counted anew each time the ring is full or when
/// rounding may have taken over: it cannot pile up, however long it runs.
/// </remarks>
sealed class RollingMetric
{
    const int Longest = 240;
    const int WindowCount = 4;
    const double Cancelled = 1e-6;
    const double OffCentre = 1e-9;

    readonly double[] _ring = new double[Longest];
    Sums _sums;
    Sums _squares;
    long _count;
    double _middle;
    double _previous;
    double _fast;
    double _slow;

    static ReadOnlySpan<int> Windows => [5, 20, 60, Longest];

    // Where the mean of each window goes; its deviation follows.
    static ReadOnlySpan<int> Places => [FeatureSpec.Mean5, FeatureSpec.Mean20, FeatureSpec.Mean60, FeatureSpec.Mean240];

    /// <param name="value">No larger than float32 holds.</param>
    /// <param name="features">At least <see cref="FeatureSpec.JointCount"/> long.</param>
    public void Update(double value, Span<float> features)
    {
        if (_count == 0)
            _middle = _previous = _fast = _slow = value;
        var at = (int)(_count % Longest);
        var isExact = Slide(value, at);
        _ring[at] = value;
        _count++;
        if (!isExact || at == Longest - 1)
            Recentre(at);
        _fast += FeatureSpec.FastAlpha * (value - _fast);
        _slow += FeatureSpec.SlowAlpha * (value - _slow);
        features[FeatureSpec.Value] = (float)value;
        features[FeatureSpec.Delta] = (float)(value - _previous);
        for (var i = 0; i < WindowCount; i++)
        {
            var taken = Math.Min(_count, Windows[i]);
            var mean = _sums[i] / taken;
            features[Places[i]] = (float)(_middle + mean);
            features[Places[i] + 1] = (float)Math.Sqrt(Math.Max(0, (_squares[i] / taken) - (mean * mean)));
        }
        features[FeatureSpec.AboveFast] = (float)(value - _fast);
        features[FeatureSpec.AboveSlow] = (float)(value - _slow);
        _previous = value;
    }

    public void Write(BinaryWriter w)
    {
        w.Write(_count);
        foreach (var value in (ReadOnlySpan<double>)[_middle, _previous, _fast, _slow, .. (ReadOnlySpan<double>)_sums, .. (ReadOnlySpan<double>)_squares])
            w.Write(value);
        foreach (var value in _ring.AsSpan(0, (int)Math.Min(_count, Longest)))
            w.Write(value);
    }

    public static RollingMetric Read(BinaryReader r)
    {
        var metric = new RollingMetric { _count = r.ReadInt64() };
        if (metric._count < 0)
            throw new InvalidDataException($"The checkpoint of series features holds {metric._count} points; discard it and start from history.");
        (metric._middle, metric._previous, metric._fast, metric._slow) = (Finite(r), Finite(r), Finite(r), Finite(r));
        Fill(r, metric._sums);
        Fill(r, metric._squares);
        Fill(r, metric._ring.AsSpan(0, (int)Math.Min(metric._count, Longest)));
        return metric;
    }

    static void Fill(BinaryReader r, Span<double> values)
    {
        foreach (ref var value in values)
            value = Finite(r);
    }

    static double Finite(BinaryReader r) => r.ReadDouble() is var value && double.IsFinite(value)
        ? value
        : throw new InvalidDataException("The checkpoint of series features holds a number that is not finite; discard it and start from history.");

    // False when rounding may have taken over: a value left that was far larger than what remains, or the middle is far off.
    bool Slide(double value, int at)
    {
        var (entering, isExact) = (value - _middle, true);
        for (var i = 0; i < WindowCount; i++)
        {
            _sums[i] += entering;
            _squares[i] += entering * entering;
            if (_count < Windows[i])
                continue;
            var from = at - Windows[i];
            var leaving = _ring[from < 0 ? from + Longest : from] - _middle;
            _sums[i] -= leaving;
            _squares[i] -= leaving * leaving;
            isExact &= _squares[i] >= Cancelled * leaving * leaving;
        }
        var mean = _sums[0] / Windows[0];
        return isExact && ((_squares[0] / Windows[0]) - (mean * mean) >= OffCentre * mean * mean || _count < Windows[0]);
    }

    // The median of the last few is no outlier, and near what comes next.
    void Recentre(int at)
    {
        Span<double> last = stackalloc double[(int)Math.Min(_count, Windows[0])];
        for (var back = 0; back < last.Length; back++)
            last[back] = _ring[(at - back + Longest) % Longest];
        last.Sort();
        _middle = last[last.Length / 2];
        double sum = 0, squares = 0;
        var window = 0;
        for (var back = 0; back < Math.Min(_count, Longest); back++)
        {
            var distance = _ring[(at - back + Longest) % Longest] - _middle;
            (sum, squares) = (sum + distance, squares + (distance * distance));
            if (back + 1 == Windows[window])
            {
                (_sums[window], _squares[window]) = (sum, squares);
                window++;
            }
        }
        for (; window < WindowCount; window++)
            (_sums[window], _squares[window]) = (sum, squares);
    }

    /// <summary>One number a window, inside the object: two arrays less a series.</summary>
    [InlineArray(WindowCount)]
    struct Sums
    {
        double _first;
    }
}
