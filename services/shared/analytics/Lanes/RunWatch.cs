namespace Forewarn.Analytics;

/// <summary>
/// Tells when something holds improbably often in a row: its share of the past, to the power of the run, is as improbable as
/// asked for, and no run was half as long. 24 bytes, inside their owner.
/// </summary>
/// <remarks>
/// The share is the greater one of all the past and of about the last 300 points, so that what becomes usual is not told. A
/// run that was told teaches no more than what it was told for: an hour of it must not excuse the next for days, but each
/// that comes again must be twice as long, until the longest has faded.
/// </remarks>
struct RunWatch
{
    /// <summary>Fewer in a row are nothing, however rare.</summary>
    public const int Least = 3;

    const int Fewest = 50;
    const int Forgetting = 1 << 20;
    const float Fade = 0.9999f;
    const float Weight = 1 / 300f;

    int _points;
    int _holding;
    int _run;
    int _told;
    float _longest;
    float _recent;

    /// <summary>Points that taught it.</summary>
    public readonly int Points => _points;

    /// <summary>How often it holds; half a point for what nobody has seen yet.</summary>
    public readonly double Share => Math.Max((_holding + 0.5) / (_points + 1.0), _recent);

    /// <summary>Points it has held for.</summary>
    public readonly int Run => _run;

    /// <summary>Probability of as long a run at any point, of a metric whose points know nothing of each other.</summary>
    public readonly double P => _run == 0 ? 1 : Math.Max(Math.Pow(Share, _run), double.Epsilon);

    /// <summary>An improbable run lasts.</summary>
    public readonly bool IsTold => _told > 0;

    /// <summary>Takes one point; true while an improbable run lasts.</summary>
    /// <param name="holds">It holds at this point.</param>
    /// <param name="improbable">Of <see cref="P"/>, at most, to begin with.</param>
    /// <param name="mostShare">What holds more often than this is nothing to tell.</param>
    public bool Take(bool holds, double improbable, double mostShare = 1)
    {
        if (!holds)
        {
            End();
            return false;
        }

        _run = Math.Min(_run + 1, int.MaxValue - 1);
        if (_told == 0 && _run >= Least && _run > 2 * _longest && _points >= Fewest && Share is var share && share <= mostShare
            && Math.Pow(share, _run) <= improbable)
        {
            _told = _run;
        }

        return _told > 0;
    }

    public readonly void Write(BinaryWriter writer)
    {
        writer.Write(_points);
        writer.Write(_holding);
        writer.Write(_run);
        writer.Write(_told);
        writer.Write(_longest);
        writer.Write(_recent);
    }

    public static RunWatch Read(BinaryReader reader) => new()
    {
        _points = reader.ReadBoundedCount(Forgetting),
        _holding = reader.ReadBoundedCount(Forgetting),
        _run = reader.ReadBoundedCount(int.MaxValue - 1),
        _told = reader.ReadBoundedCount(int.MaxValue - 1),
        _longest = reader.ReadSingle(),
        _recent = reader.ReadSingle(),
    };

    void End()
    {
        var taught = Math.Min(_told == 0 ? _run : _told, Forgetting / 2);
        _longest = Math.Max(_longest * Fade, taught);
        _recent *= 1 - Weight;
        if (taught > 0)
        {
            _recent = 1 - ((1 - _recent) * MathF.Pow(1 - Weight, taught));
        }

        (_points, _holding, _run, _told) = (_points + taught + 1, _holding + taught, 0, 0);
        if (_points > Forgetting / 2)
        {
            (_points, _holding) = (_points / 2, _holding / 2);
        }
    }
}
