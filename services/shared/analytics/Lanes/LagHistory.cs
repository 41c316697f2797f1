namespace Forewarn.Analytics;

/// <summary>The latest values of a series, newest first and always contiguous, so that a pass over lags reads straight ahead.</summary>
sealed class LagHistory
{
    readonly double[] _values;
    readonly int _kept;
    int _head;

    /// <param name="lags">Farthest lag that is asked for.</param>
    /// <param name="window">Longest window that begins there.</param>
    public LagHistory(int lags, int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lags, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        Lags = lags;
        _kept = lags + window + 1;
        _values = new double[2 * _kept];
        _head = _values.Length;
    }

    public int Lags { get; }

    /// <summary>Values ever pushed.</summary>
    public long Count { get; private set; }

    /// <summary>Newest first.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(_head);

    public void Push(double value)
    {
        if (_head == 0)
        {
            // Once in as many points as it moves: amortised one copy a point.
            Array.Copy(_values, 0, _values, _values.Length - _kept + 1, _kept - 1);
            _head = _values.Length - _kept + 1;
        }

        _values[--_head] = value;
        Count++;
    }

    public void Write(BinaryWriter writer)
    {
        var held = (int)Math.Min(Count, _kept);
        writer.Write(Count);
        writer.Write(held);
        for (var i = held - 1; i >= 0; i--)
        {
            writer.Write(_values[_head + i]);
        }
    }

    public static LagHistory Read(BinaryReader reader, int lags, int window)
    {
        var history = new LagHistory(lags, window);
        var count = reader.ReadInt64();
        var held = reader.ReadBoundedCount(history._kept);
        if (held != Math.Min(count, history._kept))
        {
            throw new InvalidDataException($"The checkpoint holds {held} of {count} values where {Math.Min(count, history._kept)} belong; discard it and start from history.");
        }

        for (var i = 0; i < held; i++)
        {
            history.Push(reader.ReadDouble());
        }

        history.Count = count;
        return history;
    }
}
