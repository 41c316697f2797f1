namespace Forewarn.Analytics;

/// <summary>
/// Folds the ticks of one entity into 1-minute means, series by series, leaving out what is masked. A minute is
/// complete when the first tick of a later minute arrives. Not thread-safe.
/// </summary>
public sealed class MinuteAggregator(int series)
{
    const byte CheckpointVersion = 1;
    const long MinuteMs = 60_000;
    const int MaxSeries = 1_000_000;

    double[] _sums = new double[series];
    int[] _counts = new int[series];
    long _minute = long.MinValue;

    public int Series => _sums.Length;

    /// <summary>Makes room for more series; those known keep their place.</summary>
    public void Grow(int count)
    {
        if (count > _sums.Length)
        {
            Array.Resize(ref _sums, count);
            Array.Resize(ref _counts, count);
        }
    }

    /// <summary>
    /// Takes one tick. Returns true when it completes a minute: then <paramref name="means"/> holds that minute's means
    /// (NaN for a series without a value) and <paramref name="minuteStartMs"/> its start. A tick of a minute already
    /// closed is late and ignored.
    /// </summary>
    public bool Add(long timestampMs, ReadOnlySpan<double> values, Span<double> means, out long minuteStartMs)
    {
        if (values.Length > _sums.Length || means.Length < _sums.Length)
        {
            throw new ArgumentException($"Made for {_sums.Length} series, got {values.Length} values and room for {means.Length} means; call Grow first.", nameof(values));
        }

        minuteStartMs = _minute;
        var minute = timestampMs - (((timestampMs % MinuteMs) + MinuteMs) % MinuteMs);
        if (minute < _minute)
        {
            return false;
        }

        var completed = minute > _minute && _minute != long.MinValue;
        if (completed)
        {
            for (var i = 0; i < _sums.Length; i++)
            {
                means[i] = _counts[i] == 0 ? double.NaN : _sums[i] / _counts[i];
            }

            Array.Clear(_sums);
            Array.Clear(_counts);
        }

        _minute = minute;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i]))
            {
                _sums[i] += values[i];
                _counts[i]++;
            }
        }

        return completed;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_sums.Length);
        w.Write(_minute);
        for (var i = 0; i < _sums.Length; i++)
        {
            w.Write(_sums[i]);
            w.Write(_counts[i]);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static MinuteAggregator Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "minute aggregates");
        var aggregator = new MinuteAggregator(r.ReadBoundedCount(MaxSeries)) { _minute = r.ReadInt64() };
        for (var i = 0; i < aggregator._sums.Length; i++)
        {
            aggregator._sums[i] = r.ReadDouble();
            aggregator._counts[i] = r.ReadInt32();
        }

        return aggregator;
    }
}
