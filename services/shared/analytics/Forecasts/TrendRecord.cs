namespace Forewarn.Analytics;

/// <summary>
/// What became of a window's own forecasts: one at a time is kept until it is due and held against what came, and against
/// persistence (it stays where it was). A window that persistence beats is not heard; one that misses more or less than a
/// fifth of its 80 % intervals has them widened or narrowed.
/// </summary>
sealed class TrendRecord
{
    const double ShareOfWay = 0.75;
    const double LeastSpansAhead = 0.25;

    // A few forecasts that led nowhere outweigh the benefit of the doubt, one does not.
    const double FirstSkill = 0.25;
    const double LeastSkill = -0.2;
    const double SkillGain = 0.25;

    const double FirstWidth = 1.3;
    const double WidthGain = 0.1;
    const double LeastWidth = 0.8;
    const double MostWidth = 3;

    double _due = double.NaN;
    double _expected;
    double _deviation;
    double _level;

    /// <summary>From -1 (persistence was right) to 1 (the line was), fading.</summary>
    public double Skill { get; private set; } = FirstSkill;

    /// <summary>What deviations are multiplied by.</summary>
    public double Width { get; private set; } = FirstWidth;

    public bool MaySpeak => Skill > LeastSkill;

    /// <summary>True when nothing is waiting to become due.</summary>
    public bool IsFree => double.IsNaN(_due);

    /// <summary>Remembers a forecast for three quarters of its way to the limit ahead, at least a quarter of its span.</summary>
    /// <param name="fit">The line.</param>
    /// <param name="limit">Where it leads.</param>
    /// <param name="observation">Deviation of what <see cref="Judge"/> will be given.</param>
    public void Expect(TrendFit fit, double limit, double observation)
    {
        _due = fit.Time + Math.Max(ShareOfWay * (limit - fit.Level) / fit.Slope, LeastSpansAhead * fit.Span);
        _level = fit.Level;
        _expected = fit.At(_due);
        var line = fit.DeviationAt(_due);
        _deviation = Math.Sqrt((line * line) + (observation * observation));
    }

    /// <summary>Holds the forecast that is due, if one is, against what came.</summary>
    /// <param name="time">Seconds.</param>
    /// <param name="seen">The level around then.</param>
    public void Judge(double time, double seen)
    {
        if (!(time >= _due))
        {
            return;
        }

        double line = Math.Abs(seen - _expected), persistence = Math.Abs(seen - _level), both = line + persistence;
        Skill += both > 0 ? SkillGain * (((persistence - line) / both) - Skill) : 0;
        if (_deviation > 0)
        {
            // Stochastic approximation of the width that one in five exceeds (Robbins, Monro 1951).
            var missed = line > BreachForecaster.Tenth * Width * _deviation;
            Width = Math.Clamp(Width * Math.Exp(WidthGain * ((missed ? 1 : 0) - 0.2)), LeastWidth, MostWidth);
        }

        Forget();
    }

    /// <summary>Drops what waits: the series was reset, and no line foresees that.</summary>
    public void Forget() => _due = double.NaN;

    public void Write(BinaryWriter writer)
    {
        writer.Write(_due);
        writer.Write(_expected);
        writer.Write(_deviation);
        writer.Write(_level);
        writer.Write(Skill);
        writer.Write(Width);
    }

    public void Restore(BinaryReader reader)
    {
        _due = reader.ReadDouble();
        _expected = reader.ReadDouble();
        _deviation = reader.ReadDouble();
        _level = reader.ReadDouble();
        Skill = reader.ReadDouble();
        Width = reader.ReadDouble();
    }
}
