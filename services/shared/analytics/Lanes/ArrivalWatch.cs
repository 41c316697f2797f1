namespace Forewarn.Analytics;

/// <summary>The interval at which a series arrives, learnt from its timestamps, and whether it is overdue.</summary>
sealed class ArrivalWatch
{
    const int Kept = 16;
    const int Fewest = 8;

    /// <summary>The fourth largest of the last sixteen intervals: a few early or late ones do not move it.</summary>
    const int Rank = 12;
    const double Overdue = 2.5;

    readonly long[] _intervals = new long[Kept];
    long _count;
    long _lastMs = long.MinValue;

    /// <summary>Usual milliseconds between two values; 0 while unknown.</summary>
    public long ExpectedMs { get; private set; }

    public void Arrive(long timestampMs)
    {
        if (_lastMs != long.MinValue && timestampMs > _lastMs)
        {
            _intervals[_count++ % Kept] = timestampMs - _lastMs;
            Span<long> sorted = stackalloc long[Kept];
            var held = (int)Math.Min(_count, Kept);
            _intervals.AsSpan(0, held).CopyTo(sorted);
            sorted[..held].Sort();
            ExpectedMs = held < Fewest ? 0 : sorted[Math.Min(held - 1, Rank * held / Kept)];
        }

        _lastMs = Math.Max(_lastMs, timestampMs);
    }

    public bool IsSilentAt(long nowMs) => ExpectedMs > 0 && nowMs - _lastMs > Overdue * ExpectedMs;

    public void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_lastMs);
        writer.Write(ExpectedMs);
        Array.ForEach(_intervals, writer.Write);
    }

    public static ArrivalWatch Read(BinaryReader reader)
    {
        var watch = new ArrivalWatch { _count = Math.Max(0, reader.ReadInt64()), _lastMs = reader.ReadInt64(), ExpectedMs = reader.ReadInt64() };
        for (var i = 0; i < Kept; i++)
        {
            watch._intervals[i] = reader.ReadInt64();
        }

        return watch;
    }
}
