using System.Runtime.InteropServices;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Gathers single samples, as the protocols of others send them, into tables: one of each block of <see cref="SeriesLayouts"/>.
/// Of two samples of a series at one time the later in the request counts.
/// </summary>
/// <param name="source">The door.</param>
/// <param name="layouts">Where its series stand.</param>
sealed class PointCollector(string source, SeriesLayouts layouts)
{
    /// <summary>Values of all tables at most, measured or not: a body of megabytes must not become gigabytes.</summary>
    const long MostValues = 8_000_000;

    readonly List<Sample> _samples = [];
    readonly Dictionary<SeriesBlock, Table> _tables = [];
    (SentDistribution? Whole, long T) _rejected;
    long _values;

    /// <summary>Samples taken so far.</summary>
    public int Count => _samples.Count;

    /// <summary>Samples that have no room, after <see cref="Submissions"/>.</summary>
    public int Rejected { get; private set; }

    /// <summary>Why the first of those has none; null when all have.</summary>
    public string? WhyRejected { get; private set; }

    /// <summary>Takes a sample.</summary>
    /// <param name="series">Whose.</param>
    /// <param name="t">Event time, unix milliseconds.</param>
    /// <param name="value">Finite.</param>
    /// <param name="startMs">Of a counter, when counting began, unix milliseconds; 0 when not said.</param>
    public void Add(SentSeries series, long t, double value, long startMs = 0) => _samples.Add(new(series, t, value, startMs, null));

    /// <summary>Takes a cumulative point of a distribution.</summary>
    /// <param name="series">Whose.</param>
    /// <param name="point">With the id of <paramref name="series"/>.</param>
    public void Add(SentDistribution series, Distribution point)
    {
        foreach (var part in series.Parts)
        {
            var isSaid = part.Part switch
            {
                DistributionPart.Rate => true,
                DistributionPart.Sum => double.IsFinite(point.Sum),
                _ => point.Buckets is not null,
            };
            if (isSaid)
                _samples.Add(new(part, point.T, double.NaN, 0, point));
        }
    }

    /// <summary>Takes what came to a distribution.</summary>
    /// <param name="series">Whose.</param>
    /// <param name="t">End of the interval, unix milliseconds.</param>
    /// <param name="increase">What came.</param>
    public void Add(SentDistribution series, long t, in DistributionIncrease increase)
    {
        foreach (var part in series.Parts)
        {
            if (increase.Of(part.Part) is var value && double.IsFinite(value))
                Add(part, t, value);
        }
    }

    /// <summary>All that was taken and has room, rows ascending in time, NaN where a series was not measured.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public IReadOnlyList<Submission> Submissions(long now)
    {
        PlaceNew(now);
        foreach (ref readonly var sample in CollectionsMarshal.AsSpan(_samples))
        {
            if (sample.Series.Place is not { } place)
                Reject(sample, WhyRejected ?? "has no place");
            else if (RowOf(place, sample.T) is not { } table)
                Reject(sample, "is one of too many times and series in one request; send it in parts");
            else if (sample.Distribution is { } distribution)
                table.Set(place.Column, sample.Series.Part, distribution);
            else
                table.Set(sample.T, place.Column, sample.Value, sample.StartMs, sample.Series.IsCounter);
        }
        return
        [
            .. _tables.OrderBy(pair => pair.Key.Entity, StringComparer.Ordinal).ThenBy(pair => pair.Value.Schema.Hash, StringComparer.Ordinal)
                .Select(pair => pair.Value.Submission(pair.Key.Entity, source) with { Group = pair.Key.Group }),
        ];
    }

    void PlaceNew(long now)
    {
        var news = new HashSet<SentSeries>(ReferenceEqualityComparer.Instance);
        foreach (ref readonly var sample in CollectionsMarshal.AsSpan(_samples))
        {
            if (!sample.Series.IsPlaced)
                news.Add(sample.Series);
        }
        if (news.Count > 0)
            WhyRejected = layouts.Place(news, now);
    }

    /// <summary>The table with a row at this time; null when there is no room for one.</summary>
    Table? RowOf(SeriesPlace place, long t)
    {
        ref var table = ref CollectionsMarshal.GetValueRefOrAddDefault(_tables, place.Block, out _);
        table ??= new Table(layouts.SchemaOf(place.Block));
        if (table.Has(t))
            return table;
        if (_values + table.Schema.Columns.Count > MostValues)
            return null;
        _values += table.Schema.Columns.Count;
        table.Begin(t);
        return table;
    }

    void Reject(in Sample sample, string reason)
    {
        WhyRejected ??= reason;
        // The parts of a distribution are one sample to who sent it.
        if (sample.Series.Whole is null || (sample.Series.Whole, sample.T) != _rejected)
            Rejected++;
        _rejected = (sample.Series.Whole, sample.T);
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Sample(SentSeries Series, long T, double Value, long StartMs, Distribution? Distribution);

    sealed class Table(SeriesSchema schema)
    {
        readonly Dictionary<long, double[]> _rows = [];
        Counting[]? _counting;
        Dictionary<(long T, int Column), long>? _starts;
        Dictionary<(long T, int Column), DistributionCell>? _distributions;
        double[] _row = [];
        long _t = long.MinValue;

        public SeriesSchema Schema { get; } = schema;

        public bool Has(long t)
        {
            if (t == _t)
                return true;
            if (!_rows.TryGetValue(t, out var row))
                return false;
            (_t, _row) = (t, row);
            return true;
        }

        public void Begin(long t)
        {
            (_t, _row) = (t, new double[Schema.Columns.Count]);
            Array.Fill(_row, double.NaN);
            _rows[t] = _row;
        }

        public void Set(long t, int column, double value, long startMs, bool isCounter)
        {
            if (t != _t)
                throw new InvalidOperationException("The row has not begun.");
            _row[column] = value;
            if (isCounter)
                SetStart(t, column, startMs);
        }

        void SetStart(long t, int column, long startMs)
        {
            ref var counting = ref (_counting ??= new Counting[Schema.Columns.Count])[column];
            if (!counting.IsCounter)
                counting = new Counting(IsCounter: true, startMs);
            if (counting.StartMs != startMs)
                (_starts ??= [])[(t, column)] = startMs;
            else
                _starts?.Remove((t, column));
        }

        public void Set(int column, DistributionPart part, Distribution distribution) =>
            (_distributions ??= [])[(distribution.T, column)] = new DistributionCell(column, part, distribution);

        public Submission Submission(string entity, string source) =>
            new(entity, Schema, [.. _rows.OrderBy(row => row.Key).Select(row => new MetricRow(row.Key, row.Value))], source)
            {
                Counting = _counting,
                Starts = _starts,
                Distributions = _distributions is null ? null : [.. _distributions.Values.OrderBy(cell => cell.Distribution.T)],
            };
    }
}
