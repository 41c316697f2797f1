using System.Numerics;

namespace Forewarn.Analytics;

public enum DebounceChange
{
    None,
    Opened,
    Closed,
}

/// <summary>Opens when k of the last n ticks are beyond the level, closes after an unbroken quiet time.</summary>
public sealed class Debouncer
{
    const byte CheckpointVersion = 1;

    readonly int _needed;
    readonly int _of;
    readonly long _quietMs;
    uint _recent;

    public Debouncer()
        : this(DecisionDefaults.Needed, DecisionDefaults.Of, DecisionDefaults.Quiet)
    {
    }

    /// <param name="needed">k, 1 to <paramref name="of"/>.</param>
    /// <param name="of">n, at most 32.</param>
    /// <param name="quiet">Time without a tick beyond the level after which it closes.</param>
    public Debouncer(int needed, int of, TimeSpan quiet)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(needed, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(of, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(of, needed);
        _needed = needed;
        _of = of;
        _quietMs = (long)quiet.TotalMilliseconds;
    }

    public bool IsOpen { get; private set; }

    /// <summary>Time of the tick that opened it last, unix milliseconds.</summary>
    public long OpenedAtMs { get; private set; }

    /// <summary>Time of the last tick beyond the level, unix milliseconds.</summary>
    public long LastBeyondMs { get; private set; }

    /// <summary>Takes one tick; ticks come in order of time.</summary>
    public DebounceChange Update(long timestampMs, bool beyond)
    {
        _recent = ((_recent << 1) | (beyond ? 1u : 0u)) & (uint)((1UL << _of) - 1);
        if (beyond)
        {
            LastBeyondMs = timestampMs;
        }

        if (!IsOpen && BitOperations.PopCount(_recent) >= _needed)
        {
            IsOpen = true;
            OpenedAtMs = timestampMs;
            return DebounceChange.Opened;
        }

        if (IsOpen && timestampMs - LastBeyondMs >= _quietMs)
        {
            IsOpen = false;
            _recent = 0;
            return DebounceChange.Closed;
        }

        return DebounceChange.None;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_needed);
        w.Write(_of);
        w.Write(_quietMs);
        w.Write(_recent);
        w.Write(IsOpen);
        w.Write(OpenedAtMs);
        w.Write(LastBeyondMs);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static Debouncer Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a debouncer");
        return new Debouncer(r.ReadBoundedCount(32), r.ReadBoundedCount(32), TimeSpan.FromMilliseconds(r.ReadInt64()))
        {
            _recent = r.ReadUInt32(),
            IsOpen = r.ReadBoolean(),
            OpenedAtMs = r.ReadInt64(),
            LastBeyondMs = r.ReadInt64(),
        };
    }
}
