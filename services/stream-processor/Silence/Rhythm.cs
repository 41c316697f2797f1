namespace Forewarn.StreamProcessor;

/// <summary>
/// How often something arrives, learned from the pauses between its arrivals, and after how long without one it is
/// missed. Rows that were collected and come together are one arrival: what counts is the pause that a moment chosen
/// blindly falls into, so a sender of five rows every five seconds has a rhythm of five seconds. Pure.
/// </summary>
sealed class Rhythm
{
    /// <summary>Usual pauses without an arrival after which it is missed; what is left of three is for looking and asking.</summary>
    const double Missed = 2.5;

    /// <summary>Nothing is expected more often than a tick is.</summary>
    const double LeastIntervalMs = TickAssembler.GridMs;

    /// <summary>How many usual pauses, and at least so many ticks, the mean reaches back.</summary>
    const double Memory = 32;

    /// <summary>A pause moves the mean as if it were at most this many usual ones: an outage is no rhythm.</summary>
    const double LongestStep = 2;

    /// <summary>A pause that has happened twice may happen again, and last this much longer.</summary>
    const double Margin = 1.25;

    /// <summary>What is left of a remembered pause after one usual pause: after 100 of them the margin is used up.</summary>
    const double Fading = 0.9978;

    double _seenMs;
    double _longest;
    double _secondLongest;

    /// <summary>The usual pause, each weighted by its length, milliseconds; 0 before the first.</summary>
    public double IntervalMs { get; private set; }

    /// <summary>
    /// Without an arrival for longer than this it is missed, milliseconds: two and a half usual pauses, or a quarter more
    /// than what has happened twice of late.
    /// </summary>
    public double LimitMs => Math.Max(Missed * Math.Max(IntervalMs, LeastIntervalMs), Margin * _secondLongest);

    /// <param name="pauseMs">Milliseconds between two arrivals.</param>
    public void Observe(double pauseMs)
    {
        if (pauseMs <= 0)
            return;

        // Capped, so that the limit grows by half orders and an outage of an hour is not waited for the next time.
        var pause = Math.Min(pauseMs, 2 * LimitMs);
        var fading = Math.Pow(Fading, Math.Min(1, pause / Math.Max(IntervalMs, 1)));
        _longest *= fading;
        _secondLongest *= fading;
        if (pause >= _longest)
            (_longest, _secondLongest) = (pause, _longest);
        else
            _secondLongest = Math.Max(_secondLongest, pause);

        var usual = Math.Max(IntervalMs, LeastIntervalMs);
        var step = _seenMs == 0 ? pause : Math.Min(pause, LongestStep * usual);
        _seenMs = Math.Min(_seenMs, Memory * usual) + step;
        IntervalMs += step / _seenMs * (step - IntervalMs);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_seenMs);
        writer.Write(IntervalMs);
        writer.Write(_longest);
        writer.Write(_secondLongest);
    }

    public static Rhythm Read(BinaryReader reader) => new()
    {
        _seenMs = reader.ReadDouble(),
        IntervalMs = reader.ReadDouble(),
        _longest = reader.ReadDouble(),
        _secondLongest = reader.ReadDouble(),
    };
}
