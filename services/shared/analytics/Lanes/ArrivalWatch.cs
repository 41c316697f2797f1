namespace Forewarn.Analytics;

/// <summary>
/// The interval at which a metric comes, in ticks of its entity, and whether it has missed more of them in a row than its past
/// makes probable. 32 bytes, inside its owner.
/// </summary>
/// <remarks>
/// Of a metric that comes regularly the first interval is missed after one and a half of them, the next after three quarters of one
/// each: half an interval late is no miss, and the third is missed when three have passed. Of any other each counts as it passes,
/// so that one missed says nothing about the next.
/// </remarks>
struct ArrivalWatch
{
    const float Step = 0.75f;

    /// <summary>Share of missed intervals from which on a metric does not come regularly.</summary>
    const double Irregular = 0.01;
    const int Fewest = 50;
    const float Unknown = -1;

    /// <summary>About the interval that five in six do not exceed: a few early or late ones do not move it.</summary>
    const float Longer = 0.05f;
    const float Shorter = 0.01f;

    RunWatch _missed;
    float _usual;
    int _since;

    /// <summary>Usual ticks from one value to the next; 0 while unknown.</summary>
    public readonly float Usual => Math.Max(_usual, 0);

    /// <summary>Of intervals missed in a row.</summary>
    public readonly double P => _missed.P;

    /// <summary>Takes a tick; true while more intervals were missed than is probable.</summary>
    public bool Take(bool arrived, double improbable)
    {
        if (arrived)
        {
            Learn(_since + 1);
            _missed.Take(false, improbable);
            _since = 0;
            return false;
        }

        _since = Math.Min(_since + 1, int.MaxValue - 1);
        return _usual > 0 && _since >= DueAfter(_missed.Run + 1)
            ? _missed.Take(true, improbable)
            : _missed.IsTold;
    }

    public readonly void Write(BinaryWriter writer)
    {
        _missed.Write(writer);
        writer.Write(_usual);
        writer.Write(_since);
    }

    public static ArrivalWatch Read(BinaryReader reader) =>
        new() { _missed = RunWatch.Read(reader), _usual = reader.ReadSingle(), _since = reader.ReadBoundedCount(int.MaxValue - 1) };

    readonly int DueAfter(int missed)
    {
        var intervals = _missed.Points < Fewest || _missed.Share <= Irregular ? Step * (missed + 1) : missed;
        return (int)Math.Min(intervals * Math.Max(1, MathF.Round(_usual)), int.MaxValue / 2);
    }

    // An outage is no interval, and the first value ends none.
    void Learn(int interval)
    {
        if (_usual <= 0)
        {
            _usual = _usual == 0 ? Unknown : interval;
        }
        else if (!_missed.IsTold)
        {
            _usual += interval > _usual ? Longer * _usual : interval < _usual ? -Math.Min(Shorter * _usual, _usual - interval) : 0;
        }
    }
}
