namespace Forewarn.Analytics;

/// <summary>
/// A weighted, mergeable summary of a distribution that is fine where it matters: centroids (as in the t-digest of
/// Dunning and Ertl) whose weight may grow only in proportion to the weight above them, so the largest scores stay
/// single and the bulk shares a few. At most 128 centroids: 1 KB.
/// </summary>
sealed class TailSketch
{
    public const int Capacity = 128;
    const int Target = 88;

    readonly float[] _values = new float[Capacity];
    readonly float[] _weights = new float[Capacity];
    int _count;

    public double Weight { get; private set; }

    public int Centroids => _count;

    public void Add(double value, double weight)
    {
        if (_count == Capacity)
        {
            Compress();
        }

        var at = Array.BinarySearch(_values, 0, _count, (float)value);
        at = at < 0 ? ~at : at;
        Array.Copy(_values, at, _values, at + 1, _count - at);
        Array.Copy(_weights, at, _weights, at + 1, _count - at);
        _values[at] = (float)value;
        _weights[at] = (float)weight;
        _count++;
        Weight += weight;
    }

    public void Merge(TailSketch other, double factor)
    {
        for (var i = 0; i < other._count; i++)
        {
            Add(other._values[i], other._weights[i] * factor);
        }
    }

    /// <summary>Multiplies every weight: how time forgets.</summary>
    public void Rescale(double factor)
    {
        Weight = 0;
        for (var i = 0; i < _count; i++)
        {
            _weights[i] = (float)(_weights[i] * factor);
            Weight += _weights[i];
        }
    }

    /// <summary>Weight of scores at or above <paramref name="value"/>, interpolated between centroids.</summary>
    public double WeightAbove(double value)
    {
        double above = 0;
        for (var i = _count - 1; i >= 0; i--)
        {
            if (_values[i] < value)
            {
                if (i == _count - 1)
                {
                    return 0;
                }

                // Half of each neighbour lies on the inner side of its centre.
                double gap = _values[i + 1] - (double)_values[i];
                var share = gap > 0 ? (_values[i + 1] - value) / gap : 0;
                return above - (_weights[i + 1] / 2) + (share * (_weights[i] + _weights[i + 1]) / 2);
            }

            above += _weights[i];
        }

        return above;
    }

    /// <summary>The value with <paramref name="weight"/> at or above it, and the mean excess over it.</summary>
    public (double Threshold, double MeanExcess) Tail(double weight)
    {
        double above = 0, sum = 0;
        for (var i = _count - 1; i >= 0; i--)
        {
            above += _weights[i];
            sum += _weights[i] * (double)_values[i];
            if (above >= weight || i == 0)
            {
                double threshold = _values[i];
                return (threshold, (sum / above) - threshold);
            }
        }

        return (double.NaN, 0);
    }

    /// <summary>The value with <paramref name="weight"/> above it, as <see cref="WeightAbove"/> interpolates; the smallest where there is less.</summary>
    public double ValueAt(double weight)
    {
        double above = 0;
        for (var i = _count - 1; i >= 0; i--)
        {
            var inner = above + (_weights[i] / 2);
            if (inner >= weight)
            {
                if (i == _count - 1)
                {
                    return _values[i];
                }

                var outer = above - (_weights[i + 1] / 2);
                return _values[i + 1] - ((weight - outer) / (inner - outer) * (_values[i + 1] - (double)_values[i]));
            }

            above += _weights[i];
        }

        return _count == 0 ? double.NaN : _values[0];
    }

    /// <summary>Mean excess over a threshold of the largest values, as many as make up <paramref name="weight"/>.</summary>
    public double MeanExcess(double threshold, double weight)
    {
        double above = 0, sum = 0;
        for (var i = _count - 1; i >= 0 && above < weight; i--)
        {
            var part = Math.Min(_weights[i], weight - above);
            sum += part * Math.Max(0, _values[i] - threshold);
            above += part;
        }

        return sum / weight;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Weight);
        writer.Write(_count);
        for (var i = 0; i < _count; i++)
        {
            writer.Write(_values[i]);
            writer.Write(_weights[i]);
        }
    }

    public static TailSketch Read(BinaryReader reader)
    {
        var sketch = new TailSketch { Weight = reader.ReadDouble(), _count = reader.ReadBoundedCount(Capacity) };
        for (var i = 0; i < sketch._count; i++)
        {
            sketch._values[i] = reader.ReadSingle();
            sketch._weights[i] = reader.ReadSingle();
        }

        return sketch;
    }

    void Compress()
    {
        for (var growth = 0.12; _count > Target; growth *= 1.25)
        {
            MergeNeighbours(growth);
        }
    }

    // From the top down; the merged centroids are packed at the end of the array and moved to its start afterwards.
    void MergeNeighbours(double growth)
    {
        var write = Capacity - 1;
        double value = _values[_count - 1], weight = _weights[_count - 1], above = 0;
        for (var read = _count - 2; read >= 0; read--)
        {
            var together = weight + _weights[read];
            if (together <= growth * (above + (together / 2)))
            {
                value += (_values[read] - value) * _weights[read] / together;
                weight = together;
                continue;
            }

            above += weight;
            Store(write--, value, weight);
            value = _values[read];
            weight = _weights[read];
        }

        Store(write, value, weight);
        _count = Capacity - write;
        Array.Copy(_values, write, _values, 0, _count);
        Array.Copy(_weights, write, _weights, 0, _count);
    }

    void Store(int at, double value, double weight)
    {
        _values[at] = (float)value;
        _weights[at] = (float)weight;
    }
}
