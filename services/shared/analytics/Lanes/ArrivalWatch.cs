namespace Forewarn.Analytics;

/// <summary>
/// The interval at which a metric comes, in ticks of its entity, and whether it has missed more of them in a row than its past
/// makes probable. 32 bytes, inside its owner.
/// </summary>
/// <remarks>
/// The first interval is missed after one and a half of them, the next after three quarters of one each: half an interval
/// late is no miss, and the third is missed when three have passed. A metric of every tick misses one with every tick.
/// </remarks>
struct ArrivalWatch
{
    const double Step = 0.75;

    /// <summary>About the interval that five in six do not exceed: a few early or late ones do not move it.</summary>
    const float Longer = 0.05f;
    const float Shorter = 0.01f;

    RunWatch _missed;
    float _usual;
    int _since;

    /// <summary>Usual ticks from one value to the next; 0 while unknown.</summary>
    public readonly float Usual => _usual;

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
        return _usual > 0 && _since >= (int)(Step * (_missed.Run + 2.0) * Math.Max(1, MathF.Round(_usual)))
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

    // An outage is no interval.
    void Learn(int interval)
    {
        if (_usual == 0)
        {
            _usual = interval;
        }
        else if (!_missed.IsTold)
        {
            _usual += interval > _usual ? Longer * _usual : interval < _usual ? -Math.Min(Shorter * _usual, _usual - interval) : 0;
        }
    }
}
