using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forewarn.Analytics;

/// <summary>
/// The last 300 values in order of arrival, and their exact quartiles. Values that leave and enter on the same side of a
/// quartile leave it where it is; otherwise one pass over all of them finds its new neighbours in order. Nothing is sorted.
/// A field of its owner: keep it in place.
/// </summary>
[StructLayout(LayoutKind.Auto)]
struct QuartileWindow
{
    public const int Capacity = 300;

    const int LevelTicks = 8;

    // Whole vectors; what lies behind the values is NaN, which no comparison counts.
    const int Room = (Capacity + 7) / 8 * 8;

    int _next;
    Bracket _lower;
    Bracket _median;
    Bracket _upper;
    Ring _ring;

    public QuartileWindow() => ((Span<float>)_ring).Fill(float.NaN);

    public int Count { get; private set; }

    /// <summary>Quantile 0.25 with linear interpolation between order statistics, as the others; the window must not be empty.</summary>
    public readonly double Lower => _lower.At(0.25 * (Count - 1));

    /// <summary>Quantile 0.5.</summary>
    public readonly double Median => _median.At(0.5 * (Count - 1));

    /// <summary>Quantile 0.75.</summary>
    public readonly double Upper => _upper.At(0.75 * (Count - 1));

    /// <summary>Tells that a value comes soon.</summary>
    public readonly void Expect()
    {
        const int line = 16;
        for (var i = 0; i < Room; i += line)
        {
            CacheLine.Expect(in _ring[i]);
        }
    }

    /// <param name="value">A number.</param>
    public void Add(float value)
    {
        var leaving = _ring[_next];
        _ring[_next] = value;
        _next = _next + 1 == Capacity ? 0 : _next + 1;
        var isFull = Count == Capacity;
        Count += isFull ? 0 : 1;
        if (isFull && leaving == value)
        {
            return;
        }

        Follow(ref _lower, 0.25, isFull, leaving, value);
        Follow(ref _median, 0.5, isFull, leaving, value);
        Follow(ref _upper, 0.75, isFull, leaving, value);
    }

    /// <summary>
    /// The level the series has stayed at: what 7 of the last 8 values reach, seen from <paramref name="baseline"/>, and
    /// the baseline itself when they are on both sides of it. Up to six wild ticks do not move it, a shift moves it
    /// fully by the seventh.
    /// </summary>
    public readonly double SustainedLevel(double baseline)
    {
        if (Count < LevelTicks)
        {
            return baseline;
        }

        var (least, second) = (float.PositiveInfinity, float.PositiveInfinity);
        var (greatest, secondGreatest) = (float.NegativeInfinity, float.NegativeInfinity);
        for (int i = 0, at = _next; i < LevelTicks; i++)
        {
            at = at == 0 ? Capacity - 1 : at - 1;
            var value = _ring[at];
            second = float.MinNative(second, float.MaxNative(least, value));
            least = float.MinNative(least, value);
            secondGreatest = float.MaxNative(secondGreatest, float.MinNative(greatest, value));
            greatest = float.MaxNative(greatest, value);
        }

        return Math.Max(second, baseline) + Math.Min(secondGreatest, baseline) - baseline;
    }

    public readonly void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        for (int i = 0, at = Count < Capacity ? 0 : _next; i < Count; i++)
        {
            writer.Write(_ring[at]);
            at = at + 1 == Capacity ? 0 : at + 1;
        }
    }

    public static QuartileWindow Read(BinaryReader reader)
    {
        var window = new QuartileWindow();
        foreach (var value in reader.ReadFloats(reader.ReadBoundedCount(Capacity)))
        {
            window.Add(value);
        }

        return window;
    }

    // What came and went has moved ranks by one at most: the pair sought lies around the old pair's nearest to what came.
    void Follow(ref Bracket bracket, double level, bool isFull, float left, float entered)
    {
        if (isFull && bracket.Stays(left, entered))
        {
            return;
        }

        var rank = (int)(level * (Count - 1));
        var pivot = Count == 1 ? entered : Math.Clamp(entered, bracket.Below, bracket.Above);
        var around = Around(pivot);
        bracket = new Bracket(around.Ranked(rank, pivot), around.Ranked(Math.Min(rank + 1, Count - 1), pivot));
    }

    readonly Neighbours Around(float pivot)
    {
        var (middle, least, greatest) = (Vector256.Create(pivot), Vector256.Create(float.NegativeInfinity), Vector256.Create(float.PositiveInfinity));
        var (previous, next, below, above) = (least, greatest, Vector256<int>.Zero, Vector256<int>.Zero);
        foreach (var eight in MemoryMarshal.Cast<float, Vector256<float>>((ReadOnlySpan<float>)_ring))
        {
            var (isBelow, isAbove) = (Vector256.LessThan(eight, middle), Vector256.GreaterThan(eight, middle));
            below -= isBelow.AsInt32();
            above -= isAbove.AsInt32();
            previous = Vector256.MaxNative(previous, Vector256.ConditionalSelect(isBelow, eight, least));
            next = Vector256.MinNative(next, Vector256.ConditionalSelect(isAbove, eight, greatest));
        }

        var (before, after) = (previous[0], next[0]);
        for (var lane = 1; lane < Vector256<float>.Count; lane++)
        {
            (before, after) = (float.MaxNative(before, previous[lane]), float.MinNative(after, next[lane]));
        }

        return new Neighbours(before, after, Vector256.Sum(below), Count - Vector256.Sum(above));
    }

    /// <summary>The two order statistics that a quartile lies between.</summary>
    readonly record struct Bracket(float Below, float Above)
    {
        public double At(double position) => Below + ((position - (int)position) * (Above - (double)Below));

        public bool Stays(float left, float entered) => (left < Below && entered < Below) || (left > Above && entered > Above);
    }

    /// <summary>What lies around a pivot: the nearest on both sides, how many are below it and how many at most as large.</summary>
    readonly record struct Neighbours(float Previous, float Next, int Below, int UpTo)
    {
        public float Ranked(int rank, float pivot) => rank < Below ? Previous : rank < UpTo ? pivot : Next;
    }

    [InlineArray(Room)]
    struct Ring
    {
        float _first;
    }
}
