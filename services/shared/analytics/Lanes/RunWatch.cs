namespace Forewarn.Analytics;

/// <summary>
/// Tells when something holds improbably often in a row: its share of the past, to the power of the run, is below one in
/// a million, and no run was half as long. Forgets nothing but by a fade of the longest run.
/// </summary>
sealed class RunWatch
{
    const double Improbable = 1e-6;
    const int Fewest = 50;
    const double Fade = 0.9999;

    long _points;
    long _holding;
    long _run;
    double _longest;

    /// <summary>Takes one point; true while an improbable run lasts.</summary>
    public bool Take(bool holds)
    {
        if (!holds)
        {
            // A run teaches only when it has ended, or it would excuse itself.
            _longest = Math.Max(_longest * Fade, _run);
            (_points, _holding, _run) = (_points + _run + 1, _holding + _run, 0);
            return false;
        }

        _run++;
        return _points >= Fewest && _run > 2 * _longest && Math.Pow((_holding + 0.5) / (_points + 1), _run) <= Improbable;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_points);
        writer.Write(_holding);
        writer.Write(_run);
        writer.Write(_longest);
    }

    public static RunWatch Read(BinaryReader reader) =>
        new() { _points = reader.ReadInt64(), _holding = reader.ReadInt64(), _run = reader.ReadInt64(), _longest = reader.ReadDouble() };
}
