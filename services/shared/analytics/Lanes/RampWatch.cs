using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>
/// Notices that a metric runs away within minutes: its level, the median of five seconds, goes farther from where it was before the last three
/// minutes than its past makes probable, and bit by bit. What judges each tick by the last minutes follows such a creep and never sees it far off.
/// About 230 bytes, inside their owner; only for metrics that come every second or two.
/// </summary>
/// <remarks>
/// <para>Where it was is a mean of about fifteen minutes that ends three minutes ago, so that a creep has not taught it yet. Distances are in scales of
/// <see cref="FeatureSpec"/>, of late, or in deviations of the levels themselves where those are larger: noise, saw-teeth, jobs and rhythms are in both.</para>
/// <para>A level that is there at once is a step, and no matter of this watch until it is left. What ran as far once must run farther the next time,
/// until that has faded.</para>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
struct RampWatch
{
    /// <summary>Time of a level, milliseconds.</summary>
    const long BlockMs = 5_000;

    /// <summary>Values of a level at least: what comes less often is never judged.</summary>
    const int Fewest = 2;

    /// <summary>Values of a level that are kept, the newest.</summary>
    const int Most = 5;

    /// <summary>Levels that are too new to say where it was.</summary>
    const int Newest = 36;

    /// <summary>Levels behind those that say it at least, and about how many do in the end.</summary>
    const int Learnt = 60;
    const float Weight = 1f / 180;

    /// <summary>Longest time without levels after which where it was still counts, levels.</summary>
    const int LongestGap = 12;

    /// <summary>Scales from where it was: away, and far enough to be told.</summary>
    const float Away = 4;
    const float Far = 8;

    /// <summary>Share of the whole way that no step between two levels of the last minute may make up.</summary>
    const float MostAtOnce = 0.4f;
    const int Minute = 12;

    const float Farther = 1.6f;
    const float Fade = 0.9999f;

    RunWatch _running;
    long _block;
    long _leftAt;
    int _count;
    int _levels;
    int _known;
    float _middle;
    float _spread;
    float _scale;
    float _limit;
    float _farthest;
    Course _course;
    sbyte _side;
    Levels _ring;
    Values _values;

    /// <summary>How the metric left where it was.</summary>
    enum Course : byte
    {
        There,

        /// <summary>Away, and not far yet.</summary>
        Leaving,

        /// <summary>It went far bit by bit.</summary>
        Running,

        /// <summary>It was there at once.</summary>
        Stepped,
    }

    /// <summary>Probability of what is told.</summary>
    public readonly double P => _running.P;

    /// <summary>Event time at which it left where it was, unix milliseconds.</summary>
    public readonly long LeftAt => _leftAt;

    /// <summary>Where it was and a scale around it, in the metric's unit.</summary>
    public readonly (float Middle, float Scale) Usual => (_middle, Unit);

    readonly float Unit => MathF.Max(_scale, MathF.Sqrt(_spread));

    /// <summary>Takes a value; true while a run is told.</summary>
    /// <param name="t">Event time, unix milliseconds; ascending.</param>
    /// <param name="features">Of <see cref="FeatureSpec"/>, none missing.</param>
    /// <param name="improbable">As of <see cref="RunWatch.Take"/>.</param>
    public bool Take(long t, ReadOnlySpan<float> features, double improbable)
    {
        var block = t / BlockMs;
        if (block != _block)
        {
            if (block - _block > LongestGap)
                Restart();
            else if (_count >= Fewest)
                Close(Median(), features[FeatureSpec.Scale], improbable);
            (_block, _count) = (block, 0);
        }
        _values[_count++ % Most] = features[FeatureSpec.Value];
        return _running.IsTold;
    }

    public readonly void Write(BinaryWriter writer)
    {
        _running.Write(writer);
        writer.Write(_block);
        writer.Write(_leftAt);
        writer.Write(_count);
        writer.Write(_levels);
        writer.Write(_known);
        foreach (var number in (ReadOnlySpan<float>)[_middle, _spread, _scale, _limit, _farthest])
            writer.Write(number);
        writer.Write((byte)_course);
        writer.Write(_side);
        foreach (var level in _ring)
            writer.Write(level);
        foreach (var value in _values)
            writer.Write(value);
    }

    public static RampWatch Read(BinaryReader reader)
    {
        var watch = new RampWatch
        {
            _running = RunWatch.Read(reader),
            _block = reader.ReadInt64(),
            _leftAt = reader.ReadInt64(),
            _count = reader.ReadBoundedCount(int.MaxValue),
            _levels = reader.ReadBoundedCount(int.MaxValue),
            _known = reader.ReadBoundedCount(int.MaxValue),
            _middle = reader.ReadSingle(),
            _spread = reader.ReadSingle(),
            _scale = reader.ReadSingle(),
            _limit = reader.ReadSingle(),
            _farthest = reader.ReadSingle(),
            _course = (Course)reader.ReadByte(),
            _side = reader.ReadSByte(),
        };
        foreach (ref var level in watch._ring)
            level = reader.ReadSingle();
        foreach (ref var value in watch._values)
            value = reader.ReadSingle();
        return watch;
    }

    // Of a mean, a single spike would make a step.
    readonly float Median()
    {
        var count = Math.Min(_count, Most);
        Span<float> sorted = stackalloc float[count];
        ((ReadOnlySpan<float>)_values)[..count].CopyTo(sorted);
        sorted.Sort();
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    }

    void Close(float level, float scale, double improbable)
    {
        Learn(level, scale);
        if (_known < Learnt)
        {
            _running.Take(false, improbable);
            return;
        }
        _limit *= Fade;
        var (way, far) = (level - _middle, Math.Max(Far, _limit));
        var distance = Unit > 0 ? Math.Abs(way) / Unit : 0;
        if (distance < Away || Math.Sign(way) != (_side == 0 ? Math.Sign(way) : _side))
        {
            Return(far);
            _running.Take(false, improbable);
            return;
        }
        if (_course == Course.There)
            (_course, _side, _leftAt) = (Course.Leaving, (sbyte)Math.Sign(way), _block * BlockMs);
        if (_course == Course.Leaving && distance >= far)
            _course = IsGradual(way) ? Course.Running : Course.Stepped;
        _farthest = _course == Course.Leaving ? Math.Max(_farthest, distance) : _farthest;
        _running.Take(_course == Course.Running, distance >= far ? improbable : 0);
    }

    void Learn(float level, float scale)
    {
        ref var place = ref _ring[_levels % Newest];
        if (_levels >= Newest)
        {
            _known = Math.Min(_known + 1, Learnt * Newest);
            var (weight, off) = (Math.Max(Weight, 1f / _known), place - _middle);
            _middle += weight * off;
            _spread += weight * ((off * off) - _spread);
            _scale += weight * (scale - _scale);
        }
        place = level;
        _levels = _levels == int.MaxValue / Newest * Newest ? Newest : _levels + 1;
    }

    readonly bool IsGradual(float way)
    {
        var (largest, later) = (0f, _ring[(_levels - 1) % Newest]);
        for (var back = 2; back <= Minute; back++)
        {
            var level = _ring[(_levels - back) % Newest];
            (largest, later) = (Math.Max(largest, Math.Abs(later - level)), level);
        }
        return largest <= MostAtOnce * Math.Abs(way);
    }

    void Return(float far)
    {
        _limit = _running.IsTold ? Farther * far : Math.Max(_limit, Farther * _farthest);
        (_course, _side, _farthest) = (Course.There, 0, 0);
    }

    void Restart()
    {
        _running.Take(false, improbable: 0);
        this = new RampWatch { _running = _running };
    }

    [InlineArray(Newest)]
    struct Levels
    {
        float _first;
    }

    [InlineArray(Most)]
    struct Values
    {
        float _first;
    }
}
