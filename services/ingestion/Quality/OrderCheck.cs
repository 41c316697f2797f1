using System.Globalization;

namespace Forewarn.Ingestion;

/// <summary>Whether an entity's samples come out of order: rows older than one of the same columns that came before.</summary>
sealed class OrderCheck
{
    const double Weight = 0.02;
    const double Often = 0.2;
    const int Least = 50;
    const int Remembered = 256;

    readonly Dictionary<string, long> _newest = new(StringComparer.Ordinal);
    double _late;
    int _rows;

    public string? Look(Submission submission)
    {
        if (_newest.Count >= Remembered && !_newest.ContainsKey(submission.Schema.Hash))
            _newest.Clear();
        var newest = _newest.GetValueOrDefault(submission.Schema.Hash, long.MinValue);
        foreach (var row in submission.Rows)
        {
            _rows = Math.Min(_rows + 1, Least);
            _late += Weight * ((row.T < newest ? 1 : 0) - _late);
            newest = Math.Max(newest, row.T);
        }
        _newest[submission.Schema.Hash] = newest;
        return _rows == Least && _late > Often
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * _late:0} % of its rows come after newer ones: two send under this name, or its clock jumps; they are stored but not judged")
            : null;
    }
}
