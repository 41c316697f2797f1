using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>
/// One set of columns that an entity's samples come in, and its rhythm. An entity has one lane per schema: usually one,
/// several when different producers or doors report different series of it.
/// </summary>
sealed class Lane(SeriesSchema schema)
{
    /// <summary>Part of the newest interval in the learned one.</summary>
    const double Learning = 0.3;

    /// <summary>A pause counts as at most this many intervals, so that an outage does not pass for a rhythm.</summary>
    const double LongestStep = 4;

    public SeriesSchema Schema { get; } = schema;

    /// <summary>Column of this lane to column of the entity.</summary>
    public int[] Map { get; set; } = [];

    /// <summary>The newest tick seen; <see cref="long.MinValue"/> before the first.</summary>
    public long LastTick { get; private set; } = long.MinValue;

    /// <summary>Milliseconds between ticks; 0 until two were seen.</summary>
    public double IntervalMs { get; private set; }

    public void Observe(long tick)
    {
        if (tick <= LastTick)
            return;
        if (LastTick != long.MinValue)
        {
            double step = tick - LastTick;
            IntervalMs = IntervalMs == 0 ? step : IntervalMs + (Learning * (Math.Min(step, LongestStep * IntervalMs) - IntervalMs));
        }
        LastTick = tick;
    }

    /// <summary>True while this lane has something to say about <paramref name="tick"/> and has not said it.</summary>
    public bool IsDue(long tick)
    {
        if (LastTick >= tick || IntervalMs == 0)
            return false;
        double since = tick - LastTick;
        return since >= 0.9 * IntervalMs && since <= 3 * IntervalMs;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(LastTick);
        writer.Write(IntervalMs);
    }

    public void Restore(BinaryReader reader)
    {
        LastTick = reader.ReadInt64();
        IntervalMs = reader.ReadDouble();
    }
}
