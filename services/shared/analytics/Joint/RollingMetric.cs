namespace Forewarn.Analytics;

/// <summary>The features of one metric; see <see cref="JointFeatures"/>.</summary>
/// <remarks>
/// Sums are kept of distances from a middle that moves to the mean each time the ring is full, and counted anew then or
/// when a large value leaves a window: rounding cannot pile up, however long it runs.
/// </remarks>
sealed class RollingMetric
{
    const int Longest = 240;
    const double FastAlpha = 0.2;
    const double SlowAlpha = 0.03;
    const double Cancelled = 1e-6;

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
        Slide(value, at);
        _ring[at] = value;
        _count++;
        if (at == Longest - 1)
            Recentre();
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

    void Slide(double value, int at)
    {
        var entering = value - _middle;
        for (var i = 0; i < Windows.Length; i++)
        {
            _sums[i] += entering;
            _squares[i] += entering * entering;
            if (_count < Windows[i])
                continue;
            var leaving = _ring[(at - Windows[i] + Longest) % Longest] - _middle;
            _sums[i] -= leaving;
            _squares[i] -= leaving * leaving;
            if (_squares[i] < Cancelled * leaving * leaving)
                Recount(i, at, entering);
        }
    }

    void Recount(int window, int at, double entering)
    {
        var (sum, squares) = (entering, entering * entering);
        for (var back = Windows[window] - 1; back > 0; back--)
        {
            var distance = _ring[(at - back + Longest) % Longest] - _middle;
            (sum, squares) = (sum + distance, squares + (distance * distance));
        }
        (_sums[window], _squares[window]) = (sum, squares);
    }

    // Called when the ring has just been filled to its end: a window is the last part of it.
    void Recentre()
    {
        _middle += _sums[^1] / Longest;
        for (var i = 0; i < Windows.Length; i++)
        {
            double sum = 0, squares = 0;
            foreach (var value in _ring.AsSpan(Longest - Windows[i]))
                (sum, squares) = (sum + (value - _middle), squares + ((value - _middle) * (value - _middle)));
            (_sums[i], _squares[i]) = (sum, squares);
        }
    }
}
