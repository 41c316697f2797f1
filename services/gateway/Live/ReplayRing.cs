namespace Forewarn.Gateway.Live;

/// <summary>
/// The newest events that a browser must not miss, with ids that grow over restarts and compare roughly between replicas:
/// microseconds of the clock, pushed forward where two events share one.
/// </summary>
sealed class ReplayRing(TimeProvider time)
{
    const int Capacity = 512;

    readonly Lock _gate = new();
    readonly Queue<(long Id, Frame Frame)> _frames = new();
    long _last;

    /// <summary>Gives the event an id, makes its frame and keeps it.</summary>
    public Frame Add(Func<long, Frame> make)
    {
        lock (_gate)
        {
            _last = Math.Max(_last + 1, time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000);
            var frame = make(_last);
            _frames.Enqueue((_last, frame));
            if (_frames.Count > Capacity)
                _frames.Dequeue();
            return frame;
        }
    }

    /// <summary>What came after the event with this id.</summary>
    public IReadOnlyList<Frame> After(long id)
    {
        lock (_gate)
            return [.. _frames.Where(entry => entry.Id > id).Select(entry => entry.Frame)];
    }
}
