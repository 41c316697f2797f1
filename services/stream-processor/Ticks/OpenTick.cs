using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>A tick that is being put together.</summary>
sealed class OpenTick
{
    readonly List<(Lane Lane, MetricRow Row)> _parts = [];

    public long T { get; private set; }

    /// <summary>Processing time of its first part, unix milliseconds.</summary>
    public long FirstSeen { get; private set; }

    /// <summary>Processing time of its newest part, unix milliseconds.</summary>
    public long LastSeen { get; private set; }

    /// <summary>When ingestion had the last of its samples, unix milliseconds.</summary>
    public long Received { get; private set; }

    public void Start(long t, long now)
    {
        T = t;
        (FirstSeen, LastSeen) = (now, now);
        Received = 0;
        _parts.Clear();
    }

    public void Add(Lane lane, MetricRow row, long received, long now)
    {
        LastSeen = Math.Max(LastSeen, now);
        _parts.Add((lane, row));
        Received = Math.Max(Received, received);
    }

    /// <summary>Writes what was measured, NaN for the rest; the later of two samples of one series counts.</summary>
    public void Merge(Span<double> values)
    {
        values.Fill(double.NaN);
        if (_parts.Count > 1)
            _parts.Sort(static (a, b) => a.Row.T != b.Row.T ? a.Row.T.CompareTo(b.Row.T) : string.CompareOrdinal(a.Lane.Schema.Hash, b.Lane.Schema.Hash));
        foreach (var (lane, row) in _parts)
        {
            var map = lane.Map;
            for (var i = 0; i < map.Length; i++)
            {
                if (double.IsFinite(row.Values[i]))
                    values[map[i]] = row.Values[i];
            }
        }
    }
}
