using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forewarn.Analytics;

/// <summary>
/// How far the latest window of a series is from the three most similar windows of its recent past: Euclidean distance,
/// raw values. Every lag is looked at, so they are the nearest; windows that overlap the latest are no neighbours.
/// </summary>
/// <remarks>
/// The squared distance at each lag follows from the one a point ago by adding the newest pair and taking the oldest off
/// (diagonal recurrence, as in STOMP: Zhu et al., ICDM 2016), in float64 and Vector256. A few lags are summed afresh at
/// every point, so rounding, of the order of 1e-8 of the largest value it went through, is gone <see cref="Lags"/> / 16
/// points later, however long the series. O(lags) a point, no allocation.
/// </remarks>
sealed class LagWindows
{
    const int Neighbours = 3;
    const int RefreshedLags = 16;

    readonly LagHistory _history;
    readonly double[] _squared;
    int _valid;
    int _refresh;

    /// <param name="history">Values, newest first; shared, pushed to by its owner before <see cref="Take"/>.</param>
    /// <param name="window">Values in a window.</param>
    public LagWindows(LagHistory history, int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, history.Lags);
        _history = history;
        Window = window;
        _refresh = window;
        _squared = new double[history.Lags + 1];
    }

    public int Window { get; }

    public int Lags => _history.Lags;

    /// <summary>Mean distance, in the series' unit, of the window that ends with the newest value to its three nearest; 0 before there are three.</summary>
    public double Take()
    {
        var values = _history.Values;
        var (first, second, third) = (double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        if (_valid >= Window)
        {
            Advance(values, ref first, ref second, ref third);
        }

        var reach = (int)Math.Min(Lags, _history.Count - Window);
        if (reach >= Window && reach > _valid)
        {
            _valid = reach;
            _squared[reach] = Afresh(values, reach);
            Rank(_squared[reach], ref first, ref second, ref third);
        }

        if (_valid < Window + Neighbours - 1)
        {
            return 0;
        }

        Refresh(values);
        return (Math.Sqrt(first) + Math.Sqrt(second) + Math.Sqrt(third)) / Neighbours;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_valid);
        writer.Write(_refresh);
        for (var lag = Window; lag <= _valid; lag++)
        {
            writer.Write(_squared[lag]);
        }
    }

    public static LagWindows Read(BinaryReader reader, LagHistory history, int window)
    {
        var windows = new LagWindows(history, window) { _valid = reader.ReadBoundedCount(history.Lags), _refresh = reader.ReadBoundedCount(history.Lags) };
        for (var lag = window; lag <= windows._valid; lag++)
        {
            windows._squared[lag] = reader.ReadDouble();
        }

        windows._refresh = Math.Max(window, windows._refresh);
        return windows;
    }

    // Moves every known lag on by one point and ranks it in the same pass: three sorted minima in each lane of the vector.
    void Advance(ReadOnlySpan<double> values, ref double first, ref double second, ref double third)
    {
        double newest = values[0], oldest = values[Window];
        ref var squared = ref MemoryMarshal.GetArrayDataReference(_squared);
        ref var value = ref MemoryMarshal.GetReference(values);
        var lag = Window;
        var (head, tail) = (Vector256.Create(newest), Vector256.Create(oldest));
        var nearest = Vector256.Create(double.PositiveInfinity);
        var (next, last) = (nearest, nearest);
        for (; lag + Vector256<double>.Count <= _valid + 1; lag += Vector256<double>.Count)
        {
            var added = head - Vector256.LoadUnsafe(ref value, (nuint)lag);
            var gone = tail - Vector256.LoadUnsafe(ref value, (nuint)(lag + Window));
            var sum = Vector256.LoadUnsafe(ref squared, (nuint)lag) + ((added * added) - (gone * gone));
            sum = Vector256.MaxNative(sum, Vector256<double>.Zero);
            sum.StoreUnsafe(ref squared, (nuint)lag);
            var behind = Vector256.MaxNative(nearest, sum);
            nearest = Vector256.MinNative(nearest, sum);
            last = Vector256.MinNative(last, Vector256.MaxNative(next, behind));
            next = Vector256.MinNative(next, behind);
        }

        for (var i = 0; i < Vector256<double>.Count; i++)
        {
            Rank(nearest[i], ref first, ref second, ref third);
            Rank(next[i], ref first, ref second, ref third);
            Rank(last[i], ref first, ref second, ref third);
        }

        for (; lag <= _valid; lag++)
        {
            var (added, gone) = (newest - values[lag], oldest - values[lag + Window]);
            _squared[lag] = Math.Max(0, _squared[lag] + ((added * added) - (gone * gone)));
            Rank(_squared[lag], ref first, ref second, ref third);
        }
    }

    void Refresh(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < RefreshedLags; i++)
        {
            _squared[_refresh] = Afresh(values, _refresh);
            _refresh = _refresh >= _valid ? Window : _refresh + 1;
        }
    }

    double Afresh(ReadOnlySpan<double> values, int lag)
    {
        var mine = values[..Window];
        var theirs = values.Slice(lag, Window);
        double sum = 0;
        for (var i = 0; i < mine.Length; i++)
        {
            sum += (mine[i] - theirs[i]) * (mine[i] - theirs[i]);
        }

        return sum;
    }

    static void Rank(double candidate, ref double first, ref double second, ref double third)
    {
        if (candidate >= third)
        {
            return;
        }

        third = candidate;
        if (third < second)
        {
            (second, third) = (third, second);
        }

        if (second < first)
        {
            (first, second) = (second, first);
        }
    }
}
