namespace Forewarn.Analytics;

/// <summary>
/// The last 60 values in full precision. Mean, deviation and extremes are recomputed from them at every tick: 60 terms
/// cost less than a cache miss, and nothing can drift, however long the series and however large its offset.
/// </summary>
sealed class RecentWindow
{
    const int Capacity = 60;
    const int Short = 10;

    readonly double[] _ring = new double[Capacity];
    int _count;
    int _next;

    public void Add(double value)
    {
        _ring[_next] = value;
        _next = _next + 1 == Capacity ? 0 : _next + 1;
        _count = Math.Min(_count + 1, Capacity);
    }

    /// <summary>Fills mean and (population) standard deviation of 10 and 60, minimum and maximum of 60.</summary>
    public void Describe(Span<float> features)
    {
        var last = _ring[_next == 0 ? Capacity - 1 : _next - 1];
        double sum = 0, squares = 0, shortSum = 0, shortSquares = 0, min = last, max = last;
        for (int i = 0, at = _next; i < _count; i++)
        {
            at = at == 0 ? Capacity - 1 : at - 1;

            // Sums of differences from the newest value: no cancellation at large offsets.
            var difference = _ring[at] - last;
            sum += difference;
            squares += difference * difference;
            min = Math.Min(min, _ring[at]);
            max = Math.Max(max, _ring[at]);
            if (i == Math.Min(Short, _count) - 1)
            {
                shortSum = sum;
                shortSquares = squares;
            }
        }

        Set(features, FeatureSpec.Mean10, last, shortSum, shortSquares, Math.Min(Short, _count));
        Set(features, FeatureSpec.Mean60, last, sum, squares, _count);
        features[FeatureSpec.Min60] = (float)min;
        features[FeatureSpec.Max60] = (float)max;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        for (int i = 0, at = _count < Capacity ? 0 : _next; i < _count; i++)
        {
            writer.Write(_ring[at]);
            at = at + 1 == Capacity ? 0 : at + 1;
        }
    }

    public static RecentWindow Read(BinaryReader reader)
    {
        var window = new RecentWindow { _count = reader.ReadBoundedCount(Capacity) };
        for (var i = 0; i < window._count; i++)
        {
            window._ring[i] = reader.ReadDouble();
        }

        window._next = window._count == Capacity ? 0 : window._count;
        return window;
    }

    static void Set(Span<float> features, int mean, double origin, double sum, double squares, int count)
    {
        var shift = sum / count;
        features[mean] = (float)(origin + shift);
        features[mean + 1] = (float)Math.Sqrt(Math.Max(0, (squares / count) - (shift * shift)));
    }
}
