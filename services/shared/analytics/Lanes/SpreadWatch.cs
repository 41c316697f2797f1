namespace Forewarn.Analytics;

/// <summary>
/// Notices that a series becomes restless: the last twenty steps, without the two largest, are on average two and a half
/// times what they ever were. After 60 points the restlessness is normal.
/// </summary>
sealed class SpreadWatch
{
    const int Steps = 20;
    const int Fewest = 120;
    const double Times = 2.5;
    const double Fade = 0.9999;
    const int NormalAfter = 60;

    readonly double[] _steps = new double[Steps];
    long _points;
    double _last;
    double _greatest;
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
        _greatest = Math.Max(_greatest * Fade, spread);
        return false;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_points);
        writer.Write(_last);
        writer.Write(_greatest);
        writer.Write(_restless);
        Array.ForEach(_steps, writer.Write);
    }

    public static SpreadWatch Read(BinaryReader reader)
    {
        var watch = new SpreadWatch { _points = reader.ReadInt64(), _last = reader.ReadDouble(), _greatest = reader.ReadDouble(), _restless = reader.ReadInt32() };
        for (var i = 0; i < Steps; i++)
        {
            watch._steps[i] = reader.ReadDouble();
        }

        return watch;
    }
}
