using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Gathers single samples, as the protocols of others send them, into tables: one of each entity and group, so that what a sender measures
/// together keeps its columns whatever else is in the request. Of two samples of a series at one time the later in the request counts.
/// </summary>
/// <param name="source">The door.</param>
/// <param name="maxSeries">Most series of an entity in one request.</param>
sealed class PointCollector(string source, int maxSeries)
{
    /// <summary>Places of all tables at most, filled or not: a body of megabytes must not become gigabytes.</summary>
    const int MostPlaces = 8_000_000;

    readonly Dictionary<(string Entity, string Group), Table> _tables = [];
    long _places;

    /// <summary>Takes a sample.</summary>
    /// <param name="entity">Allowed by <see cref="Names"/>.</param>
    /// <param name="group">What is measured together.</param>
    /// <param name="column">The series.</param>
    /// <param name="t">Event time, unix milliseconds.</param>
    /// <param name="value">Finite.</param>
    /// <returns>Why there is no room for it; null when it was taken.</returns>
    public string? Add(string entity, string group, SeriesColumn column, long t, double value)
    {
        if (!_tables.TryGetValue((entity, group), out var table))
            _tables[(entity, group)] = table = new Table();
        _places -= table.Size;
        if (!table.Places.TryGetValue(column.Id, out var place))
        {
            if (table.Columns.Count == maxSeries)
                return $"would give {entity} more than {maxSeries} series (INGESTION__MAXSERIESPERENTITY)";
            table.Places[column.Id] = place = table.Columns.Count;
            table.Columns.Add(column);
        }
        table.Times.Add(t);
        _places += table.Size;
        if (_places > MostPlaces)
            return "is one of too many times and series in one request; send it in parts";
        table.Cells.Add((t, place, value));
        return null;
    }

    /// <summary>All that was taken, rows ascending in time, NaN where a series was not measured.</summary>
    public IReadOnlyList<Submission> Submissions() =>
        [.. _tables.OrderBy(pair => pair.Key.Entity, StringComparer.Ordinal).ThenBy(pair => pair.Key.Group, StringComparer.Ordinal)
            .Select(pair => new Submission(pair.Key.Entity, SeriesSchema.Of(pair.Value.Columns), pair.Value.Rows(), source))];

    sealed class Table
    {
        public List<SeriesColumn> Columns { get; } = [];

        public Dictionary<string, int> Places { get; } = new(StringComparer.Ordinal);

        public SortedSet<long> Times { get; } = [];

        public List<(long T, int Column, double Value)> Cells { get; } = [];

        public long Size => (long)Times.Count * Columns.Count;

        public IReadOnlyList<MetricRow> Rows()
        {
            var rows = Times.ToDictionary(t => t, t => new MetricRow(t, Empty()));
            foreach (var (t, column, value) in Cells)
                rows[t].Values[column] = value;
            return [.. Times.Select(t => rows[t])];
        }

        double[] Empty()
        {
            var values = new double[Columns.Count];
            Array.Fill(values, double.NaN);
            return values;
        }
    }
}
