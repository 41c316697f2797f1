namespace Forewarn.Analytics;

/// <summary>
/// How rare a score is among a series' own past, as -log10 of its tail probability: counted where there is enough of it,
/// an exponential tail beyond. Counts points, not time, and forgets them with a mean life; what is rare is admitted like
/// everything else, so a new habit becomes ordinary.
/// </summary>
sealed class TailRarity
{
    const double MeanLifePoints = 4000;
    const int FewestPoints = 60;
    const double TailShare = 0.02;
    const double SmallestTail = 10;
    const double MostOfMedian = 10;
    const double Most = 12;

    TailSketch _sketch = new();
    double _unit = 1;
    long _points;

    /// <summary>0 (ordinary) to 12; 0 while fewer than 60 points were seen. Then remembers the score.</summary>
    public double Take(double score)
    {
        var rarity = _points < FewestPoints ? 0 : Math.Min(Most, -Math.Log10(Math.Max(Survival(score), 1e-12)));
        _points++;
        _unit *= 1 + (1 / MeanLifePoints);
        if (_unit > 1e4)
        {
            _sketch.Rescale(1 / _unit);
            _unit = 1;
        }

        _sketch.Add(score, _unit);
        return Math.Max(0, rarity);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_unit);
        writer.Write(_points);
        _sketch.Write(writer);
    }

    public static TailRarity Read(BinaryReader reader) =>
        new() { _unit = reader.ReadDouble(), _points = reader.ReadInt64(), _sketch = TailSketch.Read(reader) };

    double Survival(double score)
    {
        var count = _sketch.Weight / _unit;
        var above = _sketch.WeightAbove(score) / _unit;
        var tail = Math.Max(SmallestTail, TailShare * count);
        if (above >= tail)
        {
            return (above + 1) / (count + 1);
        }

        // The mean excess, but no more than what the median excess would make it ten times over: one absurd score would
        // stretch the mean for as long as it is remembered.
        var (threshold, excess) = _sketch.Tail(tail * _unit);
        var (middle, _) = _sketch.Tail(tail / 2 * _unit);
        var scale = Math.Min(excess, MostOfMedian * (middle - threshold) / Math.Log(2));
        return tail / count * Math.Exp(-Math.Max(0, score - threshold) / Math.Max(scale, 1e-9 * Math.Max(1, Math.Abs(threshold))));
    }
}
