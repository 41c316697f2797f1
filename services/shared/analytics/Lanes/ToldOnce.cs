namespace Forewarn.Analytics;

/// <summary>
/// Lets a score tell an event once, whatever threshold is laid on it later: after a score worth telling has been told,
/// the next ones are told only when they are several times as strange; else as little worth telling. Silence lasts a
/// share of what has been seen, between 30 and 300 points: who knows a series for an hour cannot call a day one event.
/// </summary>
sealed class ToldOnce
{
    const double WorthTelling = 0.4;
    const double Outdone = 2.5;
    const int ShareOfSeen = 20;
    const int Shortest = 30;
    const int Longest = 300;

    long _points;
    long _toldAt = long.MinValue;
    double _told;

    public double Take(double score)
    {
        _points++;
        if (score < WorthTelling)
        {
            return score;
        }

        var silence = Math.Clamp(_points / ShareOfSeen, Shortest, Longest);
        if (_toldAt != long.MinValue && _points - _toldAt <= silence && score <= Outdone * _told)
        {
            return 0;
        }

        (_toldAt, _told) = (_points, score);
        return score;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_points);
        writer.Write(_toldAt);
        writer.Write(_told);
    }

    public static ToldOnce Read(BinaryReader reader) =>
        new() { _points = reader.ReadInt64(), _toldAt = reader.ReadInt64(), _told = reader.ReadDouble() };
}
