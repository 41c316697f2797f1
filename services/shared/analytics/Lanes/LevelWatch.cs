namespace Forewarn.Analytics;

/// <summary>
/// Notices at its first point that a series leaves its level: farther from the median of the last 300 than six deviations
/// and clearly farther than anything lately. While it is away the level stays frozen; after 30 minutes and 60 points the new
/// level is normal, and is learnt from nothing.
/// </summary>
sealed class LevelWatch
{
    const int Fewest = 60;
    const double Deviations = 6;
    const double BeyondGreatest = 1.6;
    const double Fade = 0.9999;
    const int BackAfter = 3;
    const int NormalAfterPoints = 60;
    const long NormalAfterMs = 30 * 60_000;

    /// <summary>Points of an excursion from which on it is a level and no spike.</summary>
    const int LevelPoints = 3;

    QuartileWindow _window = new();
    double _origin = double.NaN;
    double _greatest;
    double _limit;
    double _side;
    long _sinceMs;
    int _away;
    int _back;

    /// <summary>Median of the level, in the series' unit; NaN at first.</summary>
    public double Median => _window.Count == 0 ? double.NaN : _origin + _window.Median;

    /// <summary>Robust standard deviation around it (IQR / 1.349).</summary>
    public double Deviation => _window.Count == 0 ? 0 : (_window.Upper - _window.Lower) / 1.349;

    public int Count => _window.Count;

    public LaneEvents Take(long timestampMs, double value)
    {
        if (double.IsNaN(_origin))
        {
            _origin = value;
        }

        if (_side != 0)
        {
            return Away(timestampMs, value);
        }

        if (_window.Count >= Fewest)
        {
            var distance = value - Median;
            _greatest *= Fade;
            var limit = Math.Max(Deviations * Deviation, BeyondGreatest * _greatest);
            if (limit > 0 && Math.Abs(distance) > limit)
            {
                (_side, _limit, _sinceMs, _away, _back) = (Math.Sign(distance), limit, timestampMs, 1, 0);
                return LaneEvents.Spike;
            }

            _greatest = Math.Max(_greatest, Math.Abs(distance));
        }

        _window.Add((float)(value - _origin));
        return LaneEvents.None;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_origin);
        writer.Write(_greatest);
        writer.Write(_limit);
        writer.Write(_side);
        writer.Write(_sinceMs);
        writer.Write(_away);
        writer.Write(_back);
        _window.Write(writer);
    }

    public static LevelWatch Read(BinaryReader reader) => new()
    {
        _origin = reader.ReadDouble(),
        _greatest = reader.ReadDouble(),
        _limit = reader.ReadDouble(),
        _side = reader.ReadDouble(),
        _sinceMs = reader.ReadInt64(),
        _away = reader.ReadInt32(),
        _back = reader.ReadInt32(),
        _window = QuartileWindow.Read(reader),
    };

    LaneEvents Away(long timestampMs, double value)
    {
        _away++;
        var distance = (value - Median) * _side;

        // Half the limit, so that noise around the new level does not end it.
        _back = distance > _limit / 2 ? 0 : _back + 1;
        if (_back >= BackAfter)
        {
            // It may come again: next time it has to go farther.
            _greatest = Math.Max(_greatest, _limit);
            _side = 0;
            return LaneEvents.None;
        }

        if (_away >= NormalAfterPoints && timestampMs - _sinceMs >= NormalAfterMs)
        {
            (_side, _greatest, _origin) = (0, 0, value);
            _window = new QuartileWindow();
            _window.Add(0);
            return LaneEvents.None;
        }

        return _away < LevelPoints ? LaneEvents.Spike : LaneEvents.Level;
    }
}
