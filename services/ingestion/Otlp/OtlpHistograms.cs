using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Reads <c>HistogramDataPoint</c> and <c>ExponentialHistogramDataPoint</c>; holds one at a time.</summary>
sealed class OtlpHistograms
{
    /// <summary>Number of the attributes' field.</summary>
    public const int Attributes = 9;

    /// <summary>The same of exponential ones.</summary>
    public const int ExponentialAttributes = 1;

    /// <summary>OpenTelemetry's SDKs go from -10 to 20.</summary>
    const int MostScale = 64;

    readonly Numbers _counts = new();
    readonly Numbers _bounds = new();
    readonly Numbers _negative = new();
    double _count, _sum, _min, _max, _zeroCount, _zeroThreshold;
    int _scale, _offset, _negativeOffset;
    bool _isExponential;

    /// <summary>Why the point that was read last cannot be taken; null when it can.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>Reads a point.</summary>
    /// <returns>False when it breaks the format.</returns>
    public bool TryRead(ReadOnlySpan<byte> message, bool isExponential, out OtlpPoint point)
    {
        (_count, _sum, _min, _max) = (0, double.NaN, double.NaN, double.NaN);
        (_zeroCount, _zeroThreshold, _scale, _offset, _negativeOffset, _isExponential) = (0, 0, 0, 0, 0, isExponential);
        _counts.Clear();
        _bounds.Clear();
        _negative.Clear();
        if (!(isExponential ? TryReadExponential(message, out point) : TryReadExplicit(message, out point)))
            return false;
        WhyNot = Check();
        return true;
    }

    /// <summary>The point read, as a count since a start.</summary>
    public Distribution Cumulative(string id, long t, long startMs) => new(id, t, startMs, _count, _sum, Buckets());

    /// <summary>The point read, as what came within an interval.</summary>
    public DistributionIncrease Increase(double seconds) => new(seconds, _count, _sum, Buckets(), _min, _max);

    Buckets? Buckets()
    {
        if (_isExponential)
        {
            return new ExponentialBuckets(_scale, _zeroCount, _zeroThreshold,
                new IndexedCounts(_offset, _counts.ToArray()), new IndexedCounts(_negativeOffset, _negative.ToArray()));
        }
        return _counts.Count == 0 ? null : new ExplicitBuckets(_bounds.ToArray(), _counts.ToArray());
    }

    string? Check()
    {
        if (_counts.IsFull || _bounds.IsFull || _negative.IsFull)
            return $"has more than {Ingestion.Buckets.Most} buckets";
        if (_isExponential)
        {
            return Math.Abs(_scale) > MostScale ? "has a scale that no number needs"
                : !(_zeroThreshold >= 0) || !double.IsFinite(_zeroThreshold) ? "has a zero threshold that is no length" : null;
        }
        if (_counts.Count == 0 ? _bounds.Count > 0 : _counts.Count != _bounds.Count + 1)
            return $"has {_counts.Count} buckets between {_bounds.Count} bounds";
        for (var i = 0; i < _bounds.Count; i++)
        {
            if (!double.IsFinite(_bounds[i]) || (i > 0 && !(_bounds[i] > _bounds[i - 1])))
                return "has bounds that do not ascend";
        }
        return null;
    }

    bool TryReadExplicit(ReadOnlySpan<byte> message, out OtlpPoint point)
    {
        point = default;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(4, WireType.Fixed64))
                _count = reader.Fixed64();
            else if (reader.Is(5, WireType.Fixed64))
                _sum = reader.Double();
            else if (reader.Field == 6)
                _counts.ReadFixed(ref reader, isDouble: false);
            else if (reader.Field == 7)
                _bounds.ReadFixed(ref reader, isDouble: true);
            else if (reader.Is(11, WireType.Fixed64))
                _min = reader.Double();
            else if (reader.Is(12, WireType.Fixed64))
                _max = reader.Double();
            else if (!point.TryRead(ref reader, Attributes, flags: 10))
                reader.Skip();
        }
        return !reader.IsBroken;
    }

    bool TryReadExponential(ReadOnlySpan<byte> message, out OtlpPoint point)
    {
        point = default;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(4, WireType.Fixed64))
                _count = reader.Fixed64();
            else if (reader.Is(5, WireType.Fixed64))
                _sum = reader.Double();
            else if (reader.Is(6, WireType.Varint))
                _scale = (int)Math.Clamp(reader.ZigZag(), int.MinValue + 1, int.MaxValue);
            else if (reader.Is(7, WireType.Fixed64))
                _zeroCount = reader.Fixed64();
            else if (reader.Is(8, WireType.Bytes))
            {
                if (!TryReadBuckets(reader.Bytes(), _counts, out _offset))
                    return false;
            }
            else if (reader.Is(9, WireType.Bytes))
            {
                if (!TryReadBuckets(reader.Bytes(), _negative, out _negativeOffset))
                    return false;
            }
            else if (!TryReadRange(ref reader) && !point.TryRead(ref reader, ExponentialAttributes, flags: 10))
                reader.Skip();
        }
        return !reader.IsBroken;
    }

    bool TryReadRange(ref WireReader reader)
    {
        if (reader.Is(12, WireType.Fixed64))
            _min = reader.Double();
        else if (reader.Is(13, WireType.Fixed64))
            _max = reader.Double();
        else if (reader.Is(14, WireType.Fixed64))
            _zeroThreshold = reader.Double();
        else
            return false;
        return true;
    }

    static bool TryReadBuckets(ReadOnlySpan<byte> message, Numbers counts, out int offset)
    {
        offset = 0;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Varint))
                offset = (int)reader.ZigZag();
            else if (reader.Field == 2)
                counts.ReadVarint(ref reader);
            else
                reader.Skip();
        }
        return !reader.IsBroken;
    }

    /// <summary>A repeated field of numbers, packed or not; beyond the limit it is only counted as full.</summary>
    sealed class Numbers
    {
        double[] _values = new double[64];

        public int Count { get; private set; }
        public bool IsFull { get; private set; }
        public double this[int index] => _values[index];

        public void Clear() => (Count, IsFull) = (0, false);

        public double[] ToArray() => _values[..Count];

        public void ReadFixed(ref WireReader reader, bool isDouble)
        {
            if (reader.Type == WireType.Bytes)
            {
                var packed = new WireReader(reader.Bytes());
                while (!packed.IsAtEnd)
                    Add(isDouble ? packed.Double() : packed.Fixed64());
                if (packed.IsBroken)
                    reader.Break();
            }
            else if (reader.Is(reader.Field, WireType.Fixed64))
                Add(isDouble ? reader.Double() : reader.Fixed64());
        }

        public void ReadVarint(ref WireReader reader)
        {
            if (reader.Type == WireType.Bytes)
            {
                var packed = new WireReader(reader.Bytes());
                while (!packed.IsAtEnd)
                    Add(packed.Varint());
                if (packed.IsBroken)
                    reader.Break();
            }
            else if (reader.Is(reader.Field, WireType.Varint))
                Add(reader.Varint());
        }

        void Add(double value)
        {
            IsFull |= Count == Ingestion.Buckets.Most;
            if (IsFull)
                return;
            if (Count == _values.Length)
                Array.Resize(ref _values, _values.Length * 2);
            _values[Count++] = value;
        }
    }
}
