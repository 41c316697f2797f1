using System.Numerics;

namespace Forewarn.Analytics;

/// <summary>
/// Tells whether an entity's own ticks come a minute apart or slower, by the event times of its last ticks: such ticks are
/// to be judged as minutes are, and there are no minutes to be made of them. An outage is one long interval of many and a
/// burst a few short ones, so neither turns it; between 45 s and 55 s it stays what it was. Not thread-safe.
/// </summary>
public sealed class TickRhythm
{
    const byte CheckpointVersion = 1;

    /// <summary>Intervals looked back at.</summary>
    const int Of = 12;

    /// <summary>So many of them have to be long, or short, to change its mind: settled before an entity stops being cold.</summary>
    const int Needed = 8;

    // A probe of each minute is a second early or late: what counts as a minute lies below one, what does not further below.
    const long LongMs = 55_000;
    const long ShortMs = 45_000;

    long _last = long.MinValue;
    uint _long;
    uint _short;

    /// <summary>Ticks come a minute apart or slower; false until that is known.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Takes a tick.</summary>
    /// <param name="timestampMs">Event time, unix milliseconds; what does not come later than the last one is passed over.</param>
    /// <returns><see cref="IsSlow"/> from this tick on.</returns>
    public bool Take(long timestampMs)
    {
        if (timestampMs <= _last)
        {
            return IsSlow;
        }

        if (_last != long.MinValue)
        {
            var interval = timestampMs - _last;
            _long = Note(_long, interval >= LongMs);
            _short = Note(_short, interval < ShortMs);
            IsSlow = BitOperations.PopCount(IsSlow ? _short : _long) >= Needed ? !IsSlow : IsSlow;
        }

        _last = timestampMs;
        return IsSlow;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_last);
        w.Write(_long);
        w.Write(_short);
        w.Write(IsSlow);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static TickRhythm Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a rhythm");
        return new TickRhythm { _last = r.ReadInt64(), _long = r.ReadUInt32(), _short = r.ReadUInt32(), IsSlow = r.ReadBoolean() };
    }

    static uint Note(uint recent, bool isSo) => ((recent << 1) | (isSo ? 1u : 0u)) & ((1u << Of) - 1);
}
