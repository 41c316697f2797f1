using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>
/// Notices that a metric creeps away: its level, a mean of ten minutes, leaves the range of a whole day bit by bit and stays outside for longer
/// than its past makes probable. 104 bytes, inside their owner.
/// </summary>
/// <remarks>
/// <para>The range is that of a day (144 levels), and frozen: it follows nothing but what left it and came back to the middle of it. So rhythms, saw-teeth
/// and batches become part of it, and a creep does not. Outside is farther than half of the range (more in the first week, which no
/// week has shown yet), two scales, and what its days let expect of chance, whether they are a walk or stray about one place. What
/// did little but grow in that day may go on at its pace. A level that is there at once is a step, and no matter of this watch.</para>
/// <para>It is told for an hour; then, as after a step that stays, a new range is learnt for a day.</para>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
struct CreepWatch
{
    /// <summary>Time of a level, milliseconds.</summary>
    const long BlockMs = 600_000;
    const int Day = 144;

    /// <summary>Blocks behind the day, which tell by how much it has moved since the same time of the day before.</summary>
    const int Hour = 6;

    /// <summary>Longest time without values after which a range still counts, blocks.</summary>
    const int LongestGap = Day;

    /// <summary>Blocks that a creep takes to pass the margin, at least, and that it is told for.</summary>
    const int Gradual = 3;
    const int ToldFor = 6;
    const byte AtOnce = byte.MaxValue;

    /// <summary>Blocks outside after which a step is the new level.</summary>
    const int Settled = 36;
    const int Forgetting = 1 << 20;
    const float Fade = 1f / (28 * Day);
    const float OfRange = 0.5f;
    const float OfScale = 2;
    const float OfWalk = 3;
    const float StepOfRange = 1;
    const float OfStraying = 5;
    const float StayOfRange = 0.5f;
    const float OfUnknown = 4;
    const float OfPace = 0.5f;
    const float MostlyGrows = 0.6f;

    RunWatch _outside;
    double _sum;
    long _block;
    int _count;
    int _blocks;
    int _away;
    float _low;
    float _high;
    float _scale;
    float _pace;
    float _middle;
    float _daySum;
    float _day;
    float _walked;
    float _strayed;
    int _walkedDays;
    int _strayedDays;
    float _farthest;
    byte _passed;
    byte _told;
    sbyte _side;

    public readonly double P => _outside.P;

    /// <summary>The frozen range, in the metric's unit.</summary>
    public readonly (float Low, float High) Range => (_low, _high);

    /// <summary>Takes a value; true while a creep is told.</summary>
    /// <param name="t">Event time, unix milliseconds; ascending.</param>
    /// <param name="features">Of <see cref="FeatureSpec"/>, none missing.</param>
    /// <param name="improbable">As of <see cref="RunWatch.Take"/>.</param>
    public bool Take(long t, ReadOnlySpan<float> features, double improbable)
    {
        var block = t / BlockMs;
        if (block != _block)
        {
            if (block - _block > LongestGap)
            {
                Restart();
            }
            else if (_count > 0)
            {
                Close((float)(_sum / _count), features[FeatureSpec.Scale], improbable);
            }

            (_block, _sum, _count) = (block, 0, 0);
        }

        _sum += features[FeatureSpec.Value];
        _count++;
        return _outside.IsTold;
    }

    public readonly void Write(BinaryWriter writer)
    {
        _outside.Write(writer);
        writer.Write(_sum);
        writer.Write(_block);
        writer.Write(_count);
        writer.Write(_blocks);
        writer.Write(_away);
        foreach (var number in (ReadOnlySpan<float>)[_low, _high, _scale, _pace, _middle, _daySum, _day, _walked, _strayed, _farthest])
        {
            writer.Write(number);
        }

        writer.Write(_walkedDays);
        writer.Write(_strayedDays);
        writer.Write(_passed);
        writer.Write(_told);
        writer.Write(_side);
    }

    public static CreepWatch Read(BinaryReader reader) => new()
    {
        _outside = RunWatch.Read(reader),
        _sum = reader.ReadDouble(),
        _block = reader.ReadInt64(),
        _count = reader.ReadBoundedCount(int.MaxValue),
        _blocks = reader.ReadBoundedCount(Forgetting),
        _away = reader.ReadBoundedCount(int.MaxValue),
        _low = reader.ReadSingle(),
        _high = reader.ReadSingle(),
        _scale = reader.ReadSingle(),
        _pace = reader.ReadSingle(),
        _middle = reader.ReadSingle(),
        _daySum = reader.ReadSingle(),
        _day = reader.ReadSingle(),
        _walked = reader.ReadSingle(),
        _strayed = reader.ReadSingle(),
        _farthest = reader.ReadSingle(),
        _walkedDays = reader.ReadBoundedCount(Forgetting),
        _strayedDays = reader.ReadBoundedCount(Forgetting),
        _passed = reader.ReadByte(),
        _told = reader.ReadByte(),
        _side = reader.ReadSByte(),
    };

    void Close(float level, float scale, double improbable)
    {
        _blocks = Math.Min(_blocks + 1, Forgetting);
        if (_blocks <= Day + Hour)
        {
            Learn(level, scale);
            _outside.Take(false, improbable);
            return;
        }

        Judge(level, _blocks - Day - Hour, improbable);
    }

    void Judge(float level, int since, double improbable)
    {
        var grown = _pace * since;
        Pass(level - grown, since);
        var (low, high) = (_low + Math.Min(0, grown), _high + Math.Max(0, grown));
        var distance = Math.Max(low - level, level - high);
        if (distance <= 0 && (_away == 0 || IsBack(level - grown)))
        {
            Return(level);
            _outside.Take(false, improbable);
            return;
        }

        _side = _away > 0 ? _side : level > high ? (sbyte)1 : (sbyte)-1;
        _farthest = _away == 0 || (level - grown - _farthest) * _side > 0 ? level - grown : _farthest;
        _away = Math.Min(_away + 1, Forgetting);
        var isOut = distance > Margin(grown, since);
        _passed = isOut && _passed < Gradual ? AtOnce : _passed < Gradual && distance > 0 ? (byte)(_passed + 1) : _passed;
        _outside.Take(isOut && _passed == Gradual, improbable);
        if (_outside.IsTold ? ++_told > ToldFor : _passed == AtOnce && _away > Settled)
        {
            Restart();
        }
    }

    // The edge is no return: noise on a creep comes back there again and again.
    readonly bool IsBack(float level) => (level - _middle) * _side <= 0;

    readonly float Margin(float grown, int since)
    {
        var (range, days) = (_high - _low, Math.Max(1, since / (float)Day));
        var (step, stay) = (StepOfRange * range, StayOfRange * range);

        // A walk goes on from where it is; what has a place of its own stays about there, as far as its days are known.
        var walks = OfWalk * MathF.Sqrt(((step * step) + _walked) / (1 + _walkedDays) * days);
        var strays = OfStraying * MathF.Sqrt(((stay * stay) + _strayed) / (1 + _strayedDays) * Math.Max(1, days / (1 + _strayedDays)));
        var unknown = OfUnknown * Math.Max(0, 1 - (since / (6f * Day)));
        return Math.Max(Math.Max((OfRange + unknown) * range, OfScale * _scale), Math.Min(walks, strays)) + (OfPace * Math.Abs(grown));
    }

    // What whole days do is what its level does by chance. What is away is judged, and teaches nothing.
    void Pass(float level, int since)
    {
        _daySum += level;
        if (since % Day != 0)
        {
            return;
        }

        var mean = _daySum / Day;
        _daySum = 0;
        if (_away == 0)
        {
            var (step, stray) = (mean - _day, mean - _middle);
            (_walked, _walkedDays, _day) = (_walked + (step * step), since / Day, mean);
            (_strayed, _strayedDays) = (_strayed + (stray * stray), _strayedDays + 1);
        }
    }

    void Learn(float level, float scale)
    {
        (_low, _high) = _blocks == 1 ? (level, level) : (Math.Min(_low, level), Math.Max(_high, level));
        _scale += (scale - _scale) / _blocks;
        _middle += (level - _middle) / _blocks;
        _day = _middle;
        _pace += _blocks <= Hour ? -level : _blocks > Day ? level : 0;
        if (_blocks == Day + Hour)
        {
            // Only what does little else than grow is expected to go on.
            var grown = _pace / Hour;
            _pace = Math.Abs(grown) > MostlyGrows * (_high - _low) ? grown / Day : 0;
        }
    }

    void Return(float level)
    {
        if (_away > 0)
        {
            (_low, _high) = (Math.Min(_low, _farthest), Math.Max(_high, _farthest));
            if (_away >= Day)
            {
                var (moved, days) = (_farthest - _middle, _away / Day);
                (_strayed, _strayedDays) = (_strayed + (days * moved * moved), _strayedDays + days);
            }
        }

        (_away, _passed, _told) = (0, 0, 0);
        _low += Math.Max(0, level - _low) * Fade;
        _high -= Math.Max(0, _high - level) * Fade;
    }

    void Restart()
    {
        _outside.Take(false, improbable: 0);
        this = new CreepWatch { _outside = _outside };
    }
}
