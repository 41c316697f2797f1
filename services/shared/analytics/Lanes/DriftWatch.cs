namespace Forewarn.Analytics;

/// <summary>
/// Slow drift against a frozen reference: where the median wandered during 1,200 points is what it may do; farther out by
/// half as much again, and by one and a half deviations, three looks in a row, is a trend. Then the reference is taken anew.
/// </summary>
sealed class DriftWatch
{
    const int Every = 60;
    const int ReferenceLooks = 20;
    const double Margin = 0.5;
    const double Deviations = 1.5;
    const int Needed = 3;

    int _points;
    int _looks;
    int _outside;
    double _low;
    double _high;
    double _deviation;

    /// <summary>Takes a point's level; true while the drift lasts.</summary>
    public bool Take(double median, double deviation)
    {
        if (++_points % Every != 0)
        {
            return _outside >= Needed;
        }

        _points = 0;
        if (_outside >= Needed)
        {
            (_looks, _outside) = (0, 0);
        }

        if (_looks < ReferenceLooks)
        {
            (_low, _high) = _looks == 0 ? (median, median) : (Math.Min(_low, median), Math.Max(_high, median));
            _deviation = _looks == 0 ? deviation : Math.Max(_deviation, deviation);
            _looks++;
            return false;
        }

        var margin = Math.Max(Margin * (_high - _low), Deviations * _deviation);
        _outside = margin > 0 && (median < _low - margin || median > _high + margin) ? _outside + 1 : 0;
        return _outside >= Needed;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_points);
        writer.Write(_looks);
        writer.Write(_outside);
        writer.Write(_low);
        writer.Write(_high);
        writer.Write(_deviation);
    }

    public static DriftWatch Read(BinaryReader reader) => new()
    {
        _points = reader.ReadInt32(),
        _looks = reader.ReadInt32(),
        _outside = reader.ReadInt32(),
        _low = reader.ReadDouble(),
        _high = reader.ReadDouble(),
        _deviation = reader.ReadDouble(),
    };
}
