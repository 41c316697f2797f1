namespace Forewarn.Analytics;

/// <summary>The features of one metric; see <see cref="JointFeatures"/>.</summary>
/// <remarks>
/// Sums are kept of distances from a middle near the newest values, and counted anew each time the ring is full or when
/// rounding may have taken over: it cannot pile up, however long it runs.
/// </remarks>
sealed class RollingMetric
{
    const int Longest = 240;
    const double FastAlpha = 0.2;
    const double SlowAlpha = 0.03;
    const double Cancelled = 1e-6;
    const double OffCentre = 1e-9;

    readonly double[] _ring = new double[Longest];
    readonly double[] _sums = new double[Windows.Length];
    readonly double[] _squares = new double[Windows.Length];
    long _count;
    double _middle;
    double _previous;
    double _fast;
    double _slow;

    static ReadOnlySpan<int> Windows => [5, 20, 60, Longest];

    // Where mean and deviation of each window go.
    static ReadOnlySpan<int> Places => [2, 4, 6, 10];

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
        _fast += FastAlpha * (value - _fast);
        _slow += SlowAlpha * (value - _slow);
        features[0] = (float)value;
        features[1] = (float)(value - _previous);
        for (var i = 0; i < Windows.Length; i++)
        {
            var taken = Math.Min(_count, Windows[i]);
            var mean = _sums[i] / taken;
            features[Places[i]] = (float)(_middle + mean);
            features[Places[i] + 1] = (float)Math.Sqrt(Math.Max(0, (_squares[i] / taken) - (mean * mean)));
        }
        features[8] = (float)(value - _fast);
        features[9] = (float)(value - _slow);
        _previous = value;
    }

    public void Write(BinaryWriter w)
    {
        w.Write(_count);
        foreach (var value in (ReadOnlySpan<double>)[_middle, _previous, _fast, _slow, .. _sums, .. _squares, .. _ring])
            w.Write(value);
    }

    public void Restore(BinaryReader r)
    {
        _count = r.ReadInt64();
        if (_count < 0)
            throw new InvalidDataException($"The checkpoint of joint features holds {_count} points; discard it and start from history.");
        (_middle, _previous, _fast, _slow) = (Finite(r), Finite(r), Finite(r), Finite(r));
        foreach (var values in (ReadOnlySpan<double[]>)[_sums, _squares, _ring])
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = Finite(r);
        }
    }

    static double Finite(BinaryReader r) => r.ReadDouble() is var value && double.IsFinite(value)
        ? value
        : throw new InvalidDataException("The checkpoint of joint features holds a number that is not finite; discard it and start from history.");

    // False when rounding may have taken over: a value left that was far larger than what remains, or the middle is far off.
    bool Slide(double value, int at)
    {
        var (entering, isExact) = (value - _middle, true);
        for (var i = 0; i < Windows.Length; i++)
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
        for (; window < Windows.Length; window++)
            (_sums[window], _squares[window]) = (sum, squares);
    }
}
