using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>What came of one name, with its tags and kind, since the last flush.</summary>
sealed class StatsdSlot
{
    /// <summary>Of so many values quantiles are exact; of more they are those of as many, drawn evenly (Vitter 1985, algorithm R).</summary>
    const int MostValues = 2_000;
    const int MostMembers = 100_000;

    static readonly (string Suffix, double Level)[] Quantiles = [(".p50", 0.5), (".p95", 0.95), (".p99", 0.99), (".max", 1)];

    readonly StatsdKind _kind;
    readonly List<double> _values = [];
    readonly HashSet<string> _members = new(StringComparer.Ordinal);
    readonly SeededRandom _random = new(1);
    double _count;
    double _level = double.NaN;
    long _seen;

    /// <param name="name">Allowed.</param>
    /// <param name="kind">Of its values.</param>
    /// <param name="labels">Allowed.</param>
    public StatsdSlot(string name, StatsdKind kind, IReadOnlyDictionary<string, string> labels)
    {
        _kind = kind;
        Columns = kind switch
        {
            StatsdKind.Counter => [SeriesColumn.Of(name, "1/s", labels)],
            StatsdKind.Gauge => [SeriesColumn.Of(name, "1", labels)],
            StatsdKind.Set => [SeriesColumn.Of(name + ".unique", "1", labels)],
            _ => [
                SeriesColumn.Of(name + ".rate", "1/s", labels),
                .. Quantiles.Select(quantile => SeriesColumn.Of(name + quantile.Suffix, kind == StatsdKind.Timer ? "s" : "1", labels)),
            ],
        };
    }

    /// <summary>The series it becomes.</summary>
    public IReadOnlyList<SeriesColumn> Columns { get; }

    /// <summary>When something came last, unix milliseconds.</summary>
    public long LastT { get; private set; }

    public void Take(StatsdSample sample, long t)
    {
        LastT = t;
        foreach (var value in sample.Values)
        {
            if (_kind == StatsdKind.Set)
            {
                if (_members.Count < MostMembers)
                    _members.Add(value);
                continue;
            }
            var number = StatsdSample.Number(value);
            switch (_kind)
            {
                case StatsdKind.Counter:
                    _count += number / sample.Rate;
                    break;
                case StatsdKind.Gauge:
                    _level = value[0] is '+' or '-' && double.IsFinite(_level) ? _level + number : number;
                    break;
                default:
                    _count += 1 / sample.Rate;
                    Draw(_kind == StatsdKind.Timer ? number / 1000 : number);
                    break;
            }
        }
    }

    /// <summary>The values of <see cref="Columns"/>; NaN where nothing was measured. Then begins anew, but for the level of a gauge.</summary>
    /// <param name="seconds">Since the last flush.</param>
    public IEnumerable<double> Flush(double seconds)
    {
        double[] values = _kind switch
        {
            StatsdKind.Counter => [_count / seconds],
            StatsdKind.Gauge => [_level],
            StatsdKind.Set => [_members.Count],
            _ => [_count / seconds, .. Quantiles.Select(quantile => QuantileOf(quantile.Level))],
        };
        _values.Clear();
        _members.Clear();
        (_count, _seen) = (0, 0);
        return values.Select(value => double.IsFinite(value) ? value : double.NaN);
    }

    void Draw(double value)
    {
        _seen++;
        if (_values.Count < MostValues)
        {
            _values.Add(value);
            return;
        }
        var place = (long)(_random.NextDouble() * _seen);
        if (place < MostValues)
            _values[(int)place] = value;
    }

    // Nearest rank.
    double QuantileOf(double level)
    {
        if (_values.Count == 0)
            return double.NaN;
        _values.Sort();
        return _values[Math.Max(0, (int)Math.Ceiling(level * _values.Count) - 1)];
    }
}
