using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>One series under one rule. Not thread-safe.</summary>
sealed class SeriesWatch(ThresholdRule rule, SeriesColumn column)
{
    /// <summary>A series that was not measured for longer than this, and than it may pause, is another one when it comes back.</summary>
    const long StaleMs = 300_000;

    /// <summary>A series that was measured less often has shown no rhythm yet, and is not missed.</summary>
    const long LeastValues = 10;

    RollingWindow? _window = NewWindow(rule);
    Rhythm _rhythm = new();
    long _values;

    public SeriesColumn Column => column;

    /// <summary>Its place among the entity's columns; -1 when it is not among them any more.</summary>
    public int Place { get; set; }

    public HoldState State { get; private set; }

    /// <summary>What is compared with the limit; of a missing series the last value. NaN while unknown.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>Event time of the newest value; <see cref="long.MinValue"/> before the first.</summary>
    public long LastSeen { get; private set; } = long.MinValue;

    /// <summary>From this event time on it is missing, if no value comes: after the rule's time, and not before its own usual pauses are over.</summary>
    public long MissingFrom => _values < LeastValues ? long.MaxValue : LastSeen + Math.Max(rule.ForMs, (long)_rhythm.LimitMs);

    /// <summary>Takes a tick.</summary>
    /// <param name="t">Event time, ascending.</param>
    /// <param name="value">NaN = not measured.</param>
    /// <returns>There is something to tell.</returns>
    public bool Take(long t, double value)
    {
        if (!double.IsFinite(value))
            return rule.Condition.Measure == Measure.Missing ? TakeNone(t) : Forget(t);
        if (LastSeen != long.MinValue)
            _rhythm.Observe(t - LastSeen);
        LastSeen = t;
        _values++;
        var measured = _window?.Take(t, value) ?? value;
        if (double.IsNaN(measured))
        {
            // After a restart a window has to be seen anew: until then what has fired goes on, and opens nothing.
            State = State with { IsBeyond = false };
            return State.IsFiring && double.IsFinite(Value);
        }
        Value = measured;
        State = rule.Condition.Measure == Measure.Missing
            ? HoldState.Idle
            : State.Next(t, rule.Condition.Bound.Holds(Value), rule.Clear?.Holds(Value) ?? !rule.Condition.Bound.Holds(Value), rule.ForMs);
        return State.IsFiring;
    }

    /// <summary>Says that nothing has come up to a time, for rules about missing series.</summary>
    /// <returns>It is missing.</returns>
    public bool TakeNone(long t)
    {
        if (t >= MissingFrom)
            State = new HoldState(LastSeen, IsFiring: true, IsBeyond: true);
        return State.IsFiring;
    }

    /// <summary>What a checkpoint holds of it; a window is none of it and has to be seen anew.</summary>
    public WatchRecord Record => new(column, State, Value, LastSeen, _values, _rhythm);

    public void Restore(WatchRecord record) => (State, Value, LastSeen, _values, _rhythm) = (record.State, record.Value, record.LastSeen, record.Values, record.Rhythm);

    /// <summary>Goes on where another has come to, of a rule of the same identity.</summary>
    public void Continue(SeriesWatch other) => (State, Value, LastSeen, _values, _rhythm, _window) = (other.State, other.Value, other.LastSeen, other._values, other._rhythm, other._window);

    static RollingWindow? NewWindow(ThresholdRule rule) => rule.Condition.IsWindowed ? new RollingWindow(rule.Condition.Measure, rule.OverMs) : null;

    // A value that is absent for a moment says nothing, so what held goes on to hold, but nothing is told of it.
    bool Forget(long t)
    {
        if (LastSeen == long.MinValue || t - LastSeen <= Math.Max(StaleMs, _rhythm.LimitMs))
            return false;
        (State, Value, LastSeen) = (HoldState.Idle, double.NaN, long.MinValue);
        _window = NewWindow(rule);
        return false;
    }
}
