namespace Forewarn.Analytics;

/// <summary>
/// The last 32 hours in half-hour means: what the series did at this time yesterday. A rise that came then as well, and
/// ended below the limit, is the daily cycle and no trend. State is about 1 KB.
/// </summary>
sealed class DayBefore
{
    const int Slots = 64;
    const double SlotSeconds = 1800;
    const double DaySeconds = 86400;

    const double LongestSeconds = 6 * 3600;

    /// <summary>Yesterday's rise explains today's from this share on.</summary>
    const double Explains = 0.6;

    /// <summary>Cycles are late some days.</summary>
    const double AheadFactor = 1.5;

    readonly double[] _means = new double[Slots];
    readonly long[] _slots = new long[Slots];
    long _slot = long.MinValue;
    double _sum;
    int _count;

    public DayBefore() => Array.Fill(_slots, long.MinValue);

    public void Add(double time, double value)
    {
        var slot = (long)Math.Floor(time / SlotSeconds);
        if (slot != _slot && _count > 0)
        {
            var at = (int)(((_slot % Slots) + Slots) % Slots);
            (_means[at], _slots[at]) = (_sum / _count, _slot);
            (_sum, _count) = (0, 0);
        }

        _slot = slot;
        _sum += value;
        _count++;
    }

    /// <summary>True when the series rose at this time yesterday much as it does now, and what followed, on top of today's level, stays below the limit.</summary>
    /// <param name="fit">Today's line.</param>
    /// <param name="limit">What must not be reached.</param>
    /// <param name="now">Seconds.</param>
    public bool Explain(TrendFit fit, double limit, double now)
    {
        double then = now - DaySeconds, level = fit.At(now);
        var ahead = Math.Min(AheadFactor * Math.Max(0, limit - level) / fit.Slope, DaySeconds - (2 * SlotSeconds));
        var back = Math.Clamp(fit.Span, 2 * SlotSeconds, LongestSeconds);
        var thenLevel = At(then);
        if (!(thenLevel - At(then - back) >= Explains * fit.Slope * back))
        {
            return false;
        }

        for (var time = then; time <= then + ahead + SlotSeconds; time += SlotSeconds)
        {
            // Unknown (NaN) explains nothing.
            if (!(level + At(time) - thenLevel < limit))
            {
                return false;
            }
        }

        return true;
    }

    public void Write(BinaryWriter writer)
    {
        for (var i = 0; i < Slots; i++)
        {
            writer.Write(_means[i]);
            writer.Write(_slots[i]);
        }

        writer.Write(_slot);
        writer.Write(_sum);
        writer.Write(_count);
    }

    public void Restore(BinaryReader reader)
    {
        for (var i = 0; i < Slots; i++)
        {
            _means[i] = reader.ReadDouble();
            _slots[i] = reader.ReadInt64();
        }

        _slot = reader.ReadInt64();
        _sum = reader.ReadDouble();
        _count = reader.ReadInt32();
    }

    /// <summary>Between the middles of the two nearest half hours; NaN when one is unknown.</summary>
    double At(double time)
    {
        var place = (time / SlotSeconds) - 0.5;
        var slot = (long)Math.Floor(place);
        double before = Mean(slot), after = Mean(slot + 1);
        return before + ((after - before) * (place - slot));
    }

    double Mean(long slot)
    {
        var at = (int)(((slot % Slots) + Slots) % Slots);
        return _slots[at] == slot ? _means[at] : double.NaN;
    }
}
