using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forewarn.Analytics;

/// <summary>
/// The first <see cref="FeatureSpec.JointCount"/> features of a series: value, step, mean and (population) deviation of the
/// last 5, 20, 60 and 240 points, and how far the value is from its EWMAs. A few sums a tick, nothing allocated.
/// </summary>
/// <remarks>
/// Sums are kept of distances from a middle near the newest values, and counted anew each time the ring is full or when
/// rounding may have taken over: it cannot pile up, however long it runs.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
struct RollingMetric
{
    const int Shortest = 5;
    const int Longest = 240;
    const double Cancelled = 1e-6;
    const double OffCentre = 1e-9;

    Vector256<double> _sums;
    Vector256<double> _squares;
    long _count;
    double _middle;
    double _previous;
    double _fast;
    double _slow;
    Ring _ring;

    static ReadOnlySpan<int> Windows => [Shortest, 20, 60, Longest];

    /// <summary>The same, one a lane.</summary>
    static Vector256<double> Lengths => Vector256.Create(Shortest, 20.0, 60.0, Longest);

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
        features = features[..FeatureSpec.JointCount];
        features[FeatureSpec.Value] = (float)value;
        features[FeatureSpec.Delta] = (float)(value - _previous);
        Describe(features);
        features[FeatureSpec.AboveFast] = (float)(value - _fast);
        features[FeatureSpec.AboveSlow] = (float)(value - _slow);
        _previous = value;
    }

    /// <summary>Tells that a value comes soon.</summary>
    public readonly void Expect()
    {
        var at = (int)(_count % Longest);
        CacheLine.Expect(in _sums);
        CacheLine.Expect(in _squares);
        foreach (var window in Windows)
            CacheLine.Expect(in _ring[PlaceBefore(at, window)]);
    }

    public readonly void Write(BinaryWriter w)
    {
        w.Write(_count);
        foreach (var value in (ReadOnlySpan<double>)[_middle, _previous, _fast, _slow, _sums[0], _sums[1], _sums[2], _sums[3], _squares[0], _squares[1], _squares[2], _squares[3]])
            w.Write(value);
        foreach (var value in _ring[..(int)Math.Min(_count, Longest)])
            w.Write(value);
    }

    public static RollingMetric Read(BinaryReader r)
    {
        var metric = new RollingMetric { _count = r.ReadInt64() };
        if (metric._count < 0)
            throw new InvalidDataException($"The checkpoint of series features holds {metric._count} points; discard it and start from history.");
        (metric._middle, metric._previous, metric._fast, metric._slow) = (Finite(r), Finite(r), Finite(r), Finite(r));
        metric._sums = Vector256.Create(Finite(r), Finite(r), Finite(r), Finite(r));
        metric._squares = Vector256.Create(Finite(r), Finite(r), Finite(r), Finite(r));
        foreach (ref var value in metric._ring[..(int)Math.Min(metric._count, Longest)])
            value = Finite(r);
        return metric;
    }

    static double Finite(BinaryReader r) => r.ReadDouble() is var value && double.IsFinite(value)
        ? value
        : throw new InvalidDataException("The checkpoint of series features holds a number that is not finite; discard it and start from history.");

    // False when rounding may have taken over: a value left that was far larger than what remains, or the middle is far off.
    bool Slide(double value, int at)
    {
        var entering = Vector256.Create(value - _middle);
        var oldest = Vector256.Create(Back(at, 0), Back(at, 1), Back(at, 2), Back(at, 3)) - Vector256.Create(_middle);
        var leaving = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(Vector256.Create((double)_count), Lengths), oldest, Vector256<double>.Zero);
        _sums = _sums + entering - leaving;
        _squares = _squares + (entering * entering) - (leaving * leaving);
        if (Vector256.LessThanAny(_squares, Cancelled * leaving * leaving))
            return false;
        var mean = _sums[0] / Shortest;
        return (_squares[0] / Shortest) - (mean * mean) >= OffCentre * mean * mean || _count < Shortest;
    }

    // The oldest value of a window.
    readonly double Back(int at, int window) => _ring[PlaceBefore(at, Windows[window])];

    static int PlaceBefore(int at, int back) => at < back ? at - back + Longest : at - back;

    // Means and deviations of the four windows.
    readonly void Describe(Span<float> features)
    {
        var taken = Vector256.MinNative(Vector256.Create((double)_count), Lengths);
        var mean = _sums / taken;
        var deviation = Vector256.Sqrt(Vector256.Max(Vector256<double>.Zero, (_squares / taken) - (mean * mean)));
        var both = Vector256.Narrow(Vector256.Create(_middle) + mean, deviation);
        (features[FeatureSpec.Mean5], features[FeatureSpec.Std5]) = (both[0], both[4]);
        (features[FeatureSpec.Mean20], features[FeatureSpec.Std20]) = (both[1], both[5]);
        (features[FeatureSpec.Mean60], features[FeatureSpec.Std60]) = (both[2], both[6]);
        (features[FeatureSpec.Mean240], features[FeatureSpec.Std240]) = (both[3], both[7]);
    }

    // The median of the last few is no outlier, and near what comes next.
    void Recentre(int at)
    {
        Span<double> last = stackalloc double[(int)Math.Min(_count, Shortest)];
        for (var back = 0; back < last.Length; back++)
            last[back] = _ring[(at - back + Longest) % Longest];
        last.Sort();
        _middle = last[last.Length / 2];
        Span<double> sums = stackalloc double[Windows.Length], squares = stackalloc double[Windows.Length];
        var (sum, square, window) = (0.0, 0.0, 0);
        var count = Math.Min(_count, Longest);
        for (var back = 1; back <= count; back++)
        {
            var distance = _ring[at] - _middle;
            at = at == 0 ? Longest - 1 : at - 1;
            (sum, square) = (sum + distance, square + (distance * distance));
            if (back == Windows[window])
                (sums[window], squares[window++]) = (sum, square);
        }
        // What is not full yet holds all there is.
        sums[window..].Fill(sum);
        squares[window..].Fill(square);
        (_sums, _squares) = (Vector256.Create<double>(sums), Vector256.Create<double>(squares));
    }

    [InlineArray(Longest)]
    struct Ring
    {
        double _first;
    }
}
