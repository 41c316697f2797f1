namespace Forewarn.StreamProcessor;

/// <summary>
/// A door as silence sees it. It keeps a clock of the time that it was heard: the clock runs only a usual pause beyond
/// each message, and stands still while messages reach us late. A pause of the senders' network, the broker or this
/// process therefore lasts hardly any time on it, and whoever comes second in the burst after the pause has not been
/// silent. Thread-safe.
/// </summary>
sealed class SourceProgress
{
    /// <summary>A door without messages for this long, or this far behind the clock, is late itself, milliseconds.</summary>
    public const long LateMs = 5000;

    /// <summary>A message that took longer from being received to here was held up by our own stream, milliseconds.</summary>
    const long OwnLagMs = 1000;

    /// <summary>
    /// Usual pauses that the clock runs on after a message. With two entities a pause apart, one of which stops, the other's
    /// pauses still count enough for the third interval; one that was due when everything paused stays below its limit.
    /// </summary>
    const double Run = 1.5;

    const double LeastRunMs = TickAssembler.GridMs;

    readonly Lock _gate = new();
    readonly Rhythm _rhythm = new();
    long _newestEvent = long.MinValue;
    long _lastArrival;
    long _lastHeldUp;
    double _heardMs;

    /// <summary>Newest event time, unix milliseconds.</summary>
    public long NewestEvent
    {
        get
        {
            lock (_gate)
                return _newestEvent;
        }
    }

    /// <param name="newestEvent">Newest event time of a message, unix milliseconds.</param>
    /// <param name="received">When it was received from its sender, unix milliseconds.</param>
    /// <param name="now">Processing time, unix milliseconds.</param>
    public void Observe(long newestEvent, long received, long now)
    {
        lock (_gate)
        {
            _newestEvent = Math.Max(_newestEvent, newestEvent);
            if (now - received > OwnLagMs)
                _lastHeldUp = now;
            if (now <= _lastArrival)
                return;
            _heardMs = HeardUntil(now);
            if (_lastArrival != 0)
                _rhythm.Observe(now - _lastArrival);
            _lastArrival = now;
        }
    }

    /// <summary>Time on the clock, milliseconds; only differences mean something.</summary>
    public double HeardMs(long now)
    {
        lock (_gate)
            return HeardUntil(now);
    }

    /// <summary>True while nobody can tell who is silent behind this door.</summary>
    public bool IsLate(long now)
    {
        lock (_gate)
            return now - _newestEvent > Math.Max(LateMs, 2 * _rhythm.LimitMs) || now - _lastArrival > Math.Max(LateMs, _rhythm.LimitMs);
    }

    // Nobody can tell which entity a message belongs to that is still held up, so the clock waits until all come in time.
    double HeardUntil(long now) => _lastArrival == 0 || now - _lastHeldUp <= OwnLagMs
        ? _heardMs
        : _heardMs + Math.Clamp(now - _lastArrival, 0, Math.Max(Run * _rhythm.IntervalMs, LeastRunMs));
}
