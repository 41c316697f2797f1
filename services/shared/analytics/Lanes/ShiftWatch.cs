namespace Forewarn.Analytics;

/// <summary>
/// Notices that a metric leaves its level: more ticks in a row far beyond its baseline than its past makes probable. From then on
/// it is measured from where the baseline was, however the baseline follows, and is back when it is less than half as far out for
/// three ticks. What came once must go farther out the next time, until that has faded.
/// </summary>
/// <remarks>The distance is z of <see cref="FeatureSpec"/>: it knows the unit and its habits of the last hour.</remarks>
struct ShiftWatch
{
    /// <summary>Scales from the baseline.</summary>
    const float Far = 11;

    /// <summary>Fewer scales are not worth a thought, however still a metric usually is.</summary>
    const float Worth = 1;
    const float Farther = 1.6f;

    /// <summary>Share of the distance that the ticks after the first have to keep: noise does not end a run.</summary>
    const float Still = 0.64f;
    const float Fade = 0.99999f;

    /// <summary>Ticks in a row: jobs of a few are none.</summary>
    const int Least = 7;
    const int Fewest = 300;
    const int BackAfter = 3;
    const double Rarest = 1e-30;

    RunWatch _beyond;
    float _limit;
    float _mean;
    float _deviation;
    float _middle;
    float _p;
    sbyte _side;
    byte _back;
    bool _isAway;

    /// <summary>Probability of what began it.</summary>
    public readonly double P => _isAway ? _p : 1;

    /// <summary>Ticks far out in a row, until the metric is away.</summary>
    public readonly int Run => _beyond.Run;

    /// <summary>Takes what was measured; true while the metric is away, at ticks that are out there.</summary>
    /// <param name="features">Of <see cref="FeatureSpec"/>, none missing.</param>
    /// <param name="improbable">As of <see cref="RunWatch.Take"/>.</param>
    /// <param name="isFine">It practically always moves: what it never did counts, however fine.</param>
    /// <param name="isOld">It has been away for so long that it has arrived as soon as the baseline has.</param>
    public bool Take(ReadOnlySpan<float> features, double improbable, bool isFine, bool isOld)
    {
        _isAway &= !(isOld && Math.Abs(features[FeatureSpec.Z]) < Far / 2);
        if (_isAway)
        {
            var isOut = (features[FeatureSpec.Value] - _middle) * _side > 0;
            _back = isOut ? (byte)0 : (byte)(_back + 1);
            if (_back < BackAfter)
            {
                return isOut;
            }

            Return();
        }

        _limit *= Fade;
        var side = (sbyte)Math.Sign(features[FeatureSpec.Z]);
        var (distance, limit) = (Distance(features, isFine), Math.Max(_limit, Far));
        var isBeyond = _beyond.Run == 0 ? distance >= limit : side == _side && distance >= Still * limit;

        // What is nearly out there must not become the measure of it.
        if (distance < Still * Far)
        {
            (_mean, _deviation) = (features[FeatureSpec.Mean240], features[FeatureSpec.Std240]);
        }

        _side = side;
        if (_beyond.Take(isBeyond, improbable) && _beyond.Run >= Least && _beyond.Points >= Fewest)
        {
            Leave(features);
            _beyond.Take(false, improbable);
        }

        return _isAway;
    }

    public readonly void Write(BinaryWriter writer)
    {
        _beyond.Write(writer);
        writer.Write(_limit);
        writer.Write(_mean);
        writer.Write(_deviation);
        writer.Write(_middle);
        writer.Write(_p);
        writer.Write(_side);
        writer.Write(_back);
        writer.Write(_isAway);
    }

    public static ShiftWatch Read(BinaryReader reader) => new()
    {
        _beyond = RunWatch.Read(reader),
        _limit = reader.ReadSingle(),
        _mean = reader.ReadSingle(),
        _deviation = reader.ReadSingle(),
        _middle = reader.ReadSingle(),
        _p = reader.ReadSingle(),
        _side = reader.ReadSByte(),
        _back = reader.ReadByte(),
        _isAway = reader.ReadBoolean(),
    };

    readonly float Distance(ReadOnlySpan<float> features, bool isFine)
    {
        var z = Math.Abs(features[FeatureSpec.Z]);

        // Where the hour of the week explains something, z has heard of it and the last 240 ticks have not.
        return isFine && features[FeatureSpec.Season] == 0 && z >= Worth && _deviation > 0 ? Math.Max(z, Math.Abs(features[FeatureSpec.Value] - _mean) / _deviation) : z;
    }

    void Leave(ReadOnlySpan<float> features)
    {
        var baseline = features[FeatureSpec.Baseline];
        var half = Math.Min(Math.Abs(features[FeatureSpec.Value] - baseline) / 2, Far / 2 * features[FeatureSpec.Scale]);
        (_isAway, _back, _middle, _p) = (true, 0, baseline + (_side * half), (float)Math.Max(_beyond.P, Rarest));
    }

    void Return()
    {
        _isAway = false;
        _limit = Farther * Math.Max(_limit, Far);
    }
}
