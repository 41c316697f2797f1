using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Whether a series keeps its unit: under the same name and labels it is the same series, and its past is no longer comparable.</summary>
/// <param name="maxSeries">Series remembered at most.</param>
sealed class UnitCheck(int maxSeries)
{
    /// <summary>So long a change is told.</summary>
    const long ToldMs = 600_000;

    readonly Dictionary<string, string> _units = new(StringComparer.Ordinal);
    readonly HashSet<string> _known = new(StringComparer.Ordinal);
    string? _change;
    long _changedT;

    public string? Look(SeriesSchema schema, long received)
    {
        if (_known.Add(schema.Hash))
            Compare(schema, received);
        if (received - _changedT > ToldMs)
            _change = null;
        return _change;
    }

    void Compare(SeriesSchema schema, long received)
    {
        foreach (var column in schema.Columns)
        {
            if (_units.TryGetValue(column.Id, out var unit) && unit != column.Unit)
            {
                (_change, _changedT) = ($"{column.Canonical()} has changed its unit from {unit} to {column.Unit}: its past no longer compares", received);
                // So that a change back is one again.
                _known.Clear();
                _known.Add(schema.Hash);
            }
            if (_units.Count < maxSeries || _units.ContainsKey(column.Id))
                _units[column.Id] = column.Unit;
        }
    }
}
