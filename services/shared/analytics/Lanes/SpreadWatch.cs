namespace Forewarn.Analytics;

/// <summary>
/// Notices that a series becomes restless: the last twenty steps, without the two largest, are on average two and a half
/// times what they were in any twenty points of the past, fading by half in 7,000. After 60 points the restlessness is normal.
/// </summary>
sealed class SpreadWatch
{
    const int Steps = 20;
    const int Fewest = 120;
    const double Times = 2.5;
    const double Fade = 0.998;
    const int NormalAfter = 60;

    readonly double[] _steps = new double[Steps];
    long _points;
    double _last;
    double _greatest;
    double _before;
    double _recent;
    int _restless;

    public bool Take(double value)
    {
        _steps[_points++ % Steps] = _points == 1 ? 0 : Math.Abs(value - _last);
        _last = value;
        if (_points <= Steps)
        {
            return false;
        }

        double sum = 0, largest = 0, second = 0;
        foreach (var step in _steps)
        {
            sum += step;
            second = Math.Max(second, Math.Min(step, largest));
            largest = Math.Max(largest, step);
        }

        var spread = (sum - largest - second) / (Steps - 2);
        if (_points > Fewest && _greatest > 0 && spread > Times * _greatest && _restless < NormalAfter)
        {
            _restless++;
            return true;
        }

        _restless = 0;
        _recent = Math.Max(_recent, spread);
        if (_points % Steps == 0)
        {
            // A block late: while the twenty steps fill with larger ones, the measure must not rise along.
            _greatest = Math.Max(_greatest * Fade, _before);
            (_before, _recent) = (_recent, 0);
        }

        return false;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_points);
        writer.Write(_last);
        writer.Write(_greatest);
        writer.Write(_before);
        writer.Write(_recent);
        writer.Write(_restless);
        Array.ForEach(_steps, writer.Write);
    }

    public static SpreadWatch Read(BinaryReader reader)
    {
        var watch = new SpreadWatch
        {
            _points = Math.Max(0, reader.ReadInt64()),
            _last = reader.ReadDouble(),
            _greatest = reader.ReadDouble(),
            _before = reader.ReadDouble(),
            _recent = reader.ReadDouble(),
            _restless = reader.ReadInt32(),
        };
        for (var i = 0; i < Steps; i++)
        {
            watch._steps[i] = reader.ReadDouble();
        }

        return watch;
    }
}
