using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Takes one measurement after the other as column and value. The schema is rebuilt only when a column differs from the
/// last round, that is when a device came or went.
/// </summary>
sealed class SeriesSink
{
    readonly Dictionary<(string Name, string Unit, string LabelKey, string Label1, string Label2), SeriesColumn> _columns = [];
    readonly List<SeriesColumn> _current = [];
    readonly List<double> _values = [];
    SeriesSchema? _schema;

    public void Add(string name, string unit, double value, double? limit = null) =>
        Add(name, unit, value, (limit is null ? "" : "limit", "", ""), () => SeriesColumn.Of(name, unit, limit: limit));

    public void Add(string name, string unit, string key, string label, double value) =>
        Add(name, unit, value, (key, label, ""), () => SeriesColumn.Of(name, unit, Labels((key, label))));

    public void Add(string name, string unit, (string Key, string Value) first, (string Key, string Value) second, double value) =>
        Add(name, unit, value, (first.Key, first.Value, second.Value), () => SeriesColumn.Of(name, unit, Labels(first, second)));

    public void AddLimited(string name, string unit, string key, string label, double value, double limit) =>
        Add(name, unit, value, (key, label, "limit"), () => SeriesColumn.Of(name, unit, Labels((key, label)), limit));

    /// <summary>Ends the round.</summary>
    public (SeriesSchema Schema, double[] Values) Complete()
    {
        if (_schema is null || !SameColumns(_schema.Columns))
            _schema = SeriesSchema.Of([.. _current]);
        var result = (_schema, _values.ToArray());
        _current.Clear();
        _values.Clear();
        return result;
    }

    void Add(string name, string unit, double value, (string, string, string) labels, Func<SeriesColumn> create)
    {
        var key = (name, unit, labels.Item1, labels.Item2, labels.Item3);
        if (!_columns.TryGetValue(key, out var column))
            _columns[key] = column = create();
        _current.Add(column);
        _values.Add(double.IsFinite(value) ? value : double.NaN);
    }

    bool SameColumns(IReadOnlyList<SeriesColumn> columns)
    {
        if (columns.Count != _current.Count)
            return false;
        for (var i = 0; i < columns.Count; i++)
        {
            if (!ReferenceEquals(columns[i], _current[i]))
                return false;
        }
        return true;
    }

    static Dictionary<string, string> Labels(params ReadOnlySpan<(string Key, string Value)> labels)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in labels)
            result[key] = value;
        return result;
    }
}
