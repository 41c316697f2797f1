using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>
/// Remembers how far a series strayed from its baseline in its recent excursions. What happened once is news; what
/// happened five times in the last hour is how this series behaves. Counting excursions instead of ticks keeps one long
/// anomaly from teaching the series that anomalies are normal, which a quantile of the window cannot do.
/// </summary>
[StructLayout(LayoutKind.Auto)]
struct ExcursionMemory
{
    const int Slots = 16;
    const int LifetimeTicks = 3600;
    const int QuietTicksToEnd = 8;

    // A peak seen r times in the last hour may read as at most this many scales when it comes again.
    static readonly float[] ZWhenSeen = [16, 9, 6, 4, 3];

    int _count;
    float _peak;
    int _quiet;
    bool _active;
    int _oldest = int.MaxValue;
    float _scale;
    Peaks _peaks;
    Ticks _ticks;

    public ExcursionMemory()
    {
    }

    /// <summary>Scale the excursions of the past demand; the excursion in progress does not count yet.</summary>
    public readonly double Scale => _scale;

    /// <param name="tick">Running number of the sample.</param>
    /// <param name="deviation">|x' - baseline|.</param>
    /// <param name="coreScale">Scale without this memory: an excursion is a stay beyond 3 of them.</param>
    public void Update(int tick, double deviation, double coreScale)
    {
        if (_oldest < tick - LifetimeTicks)
        {
            Expire(tick);
        }

        if (deviation > 3 * coreScale)
        {
            _peak = _active ? Math.Max(_peak, (float)deviation) : (float)deviation;
            _active = true;
            _quiet = 0;
        }
        else if (_active && ++_quiet >= QuietTicksToEnd)
        {
            _active = false;
            Remember(tick, _peak);
        }
    }

    public readonly void Write(BinaryWriter writer)
    {
        writer.Write(_count);
        for (var i = 0; i < _count; i++)
        {
            writer.Write(_peaks[i]);
            writer.Write(_ticks[i]);
        }

        writer.Write(_peak);
        writer.Write(_quiet);
        writer.Write(_active);
    }

    public static ExcursionMemory Read(BinaryReader reader)
    {
        var memory = new ExcursionMemory { _count = reader.ReadBoundedCount(Slots) };
        for (var i = 0; i < memory._count; i++)
        {
            memory._peaks[i] = reader.ReadSingle();
            memory._ticks[i] = reader.ReadInt32();
        }

        memory._peak = reader.ReadSingle();
        memory._quiet = reader.ReadInt32();
        memory._active = reader.ReadBoolean();
        memory.Refresh();
        return memory;
    }

    // Peaks stay sorted, largest first; when all slots are taken the smallest gives way.
    void Remember(int tick, float peak)
    {
        if (_count == Slots)
        {
            if (peak <= _peaks[Slots - 1])
            {
                return;
            }

            _count--;
        }

        var at = _count++;
        for (; at > 0 && _peaks[at - 1] < peak; at--)
        {
            _peaks[at] = _peaks[at - 1];
            _ticks[at] = _ticks[at - 1];
        }

        _peaks[at] = peak;
        _ticks[at] = tick;
        Refresh();
    }

    void Expire(int tick)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_ticks[i] >= tick - LifetimeTicks)
            {
                _peaks[kept] = _peaks[i];
                _ticks[kept++] = _ticks[i];
            }
        }

        _count = kept;
        Refresh();
    }

    void Refresh()
    {
        _scale = 0;
        _oldest = int.MaxValue;
        for (var i = 0; i < _count; i++)
        {
            _oldest = Math.Min(_oldest, _ticks[i]);
            if (i < ZWhenSeen.Length)
            {
                _scale = Math.Max(_scale, _peaks[i] / ZWhenSeen[i]);
            }
        }
    }

    [InlineArray(Slots)]
    struct Peaks
    {
        float _first;
    }

    [InlineArray(Slots)]
    struct Ticks
    {
        int _first;
    }
}
