namespace Forewarn.Analytics;

/// <summary>
/// The last 300 values in order of arrival and in order of size, for exact rolling quantiles: one binary search and
/// one memmove for a value that leaves and one for a value that enters.
/// </summary>
sealed class SortedWindow
{
    public const int Capacity = 300;
    const int LevelTicks = 8;
    const int LevelSpare = 1;

    readonly float[] _ring = new float[Capacity];
    readonly float[] _sorted = new float[Capacity];
    int _next;

    public int Count { get; private set; }

    public void Add(float value)
    {
        if (Count == Capacity)
        {
            Remove(_ring[_next]);
        }

        var at = Array.BinarySearch(_sorted, 0, Count, value);
        at = at < 0 ? ~at : at;
        Array.Copy(_sorted, at, _sorted, at + 1, Count - at);
        _sorted[at] = value;
        Count++;
        _ring[_next] = value;
        _next = _next + 1 == Capacity ? 0 : _next + 1;
    }

    public void Clear() => (Count, _next) = (0, 0);

    /// <summary>Quantile with linear interpolation between order statistics; the window must not be empty.</summary>
    public double Quantile(double level)
    {
        var position = level * (Count - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, Count - 1);
        return _sorted[below] + ((position - below) * (_sorted[above] - (double)_sorted[below]));
    }

    /// <summary>
    /// The level the series has stayed at: what 7 of the last 8 values reach, seen from <paramref name="baseline"/>, and
    /// the baseline itself when they are on both sides of it. Up to six wild ticks do not move it, a shift moves it
    /// fully by the seventh.
    /// </summary>
    public double SustainedLevel(double baseline)
    {
        if (Count < LevelTicks)
        {
            return baseline;
        }

        Span<float> recent = stackalloc float[LevelTicks];
        for (int i = 0, at = _next; i < LevelTicks; i++)
        {
            at = at == 0 ? Capacity - 1 : at - 1;
            var slot = i;
            for (; slot > 0 && recent[slot - 1] > _ring[at]; slot--)
            {
                recent[slot] = recent[slot - 1];
            }

            recent[slot] = _ring[at];
        }

        return Math.Max(recent[LevelSpare], baseline) + Math.Min(recent[LevelTicks - 1 - LevelSpare], baseline) - baseline;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        for (int i = 0, at = Count < Capacity ? 0 : _next; i < Count; i++)
        {
            writer.Write(_ring[at]);
            at = at + 1 == Capacity ? 0 : at + 1;
        }
    }

    public static SortedWindow Read(BinaryReader reader)
    {
        var window = new SortedWindow();
        var count = reader.ReadBoundedCount(Capacity);
        for (var i = 0; i < count; i++)
        {
            window._ring[i] = window._sorted[i] = reader.ReadSingle();
        }

        Array.Sort(window._sorted, 0, count);
        window.Count = count;
        window._next = count == Capacity ? 0 : count;
        return window;
    }

    void Remove(float value)
    {
        var at = Array.BinarySearch(_sorted, 0, Count, value);
        Count--;
        Array.Copy(_sorted, at + 1, _sorted, at, Count - at);
    }
}
