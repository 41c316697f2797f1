using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Whether shares lie where shares can lie: a <c>.utilization</c> is 0 to 1, not per cent.</summary>
sealed class RangeCheck
{
    /// <summary>Shares over a capacity that can be exceeded for a while, as by burst, are no error.</summary>
    const double Most = 1.5;

    const int Least = 5;
    const int Remembered = 64;

    readonly Dictionary<string, int[]> _shares = new(StringComparer.Ordinal);
    int _wrong;

    public string? Look(Submission submission)
    {
        string? found = null;
        var shares = SharesOf(submission.Schema);
        if (shares.Length == 0)
            return null;
        foreach (var row in submission.Rows)
        {
            var wrong = Array.FindIndex(shares, column => row.Values[column] is > Most or < -0.01);
            _wrong = wrong < 0 ? 0 : _wrong + 1;
            found = _wrong >= Least ? Sentence(submission.Schema.Columns[shares[wrong]], row.Values[shares[wrong]]) : null;
        }
        return found;
    }

    static string Sentence(SeriesColumn column, double value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{column.Canonical()} is {value:G4}, and a share is 0 to 1{(value is > Most and <= 100 ? ": it is probably sent in per cent" : "")}; its limits and forecasts mean nothing");

    int[] SharesOf(SeriesSchema schema)
    {
        if (_shares.TryGetValue(schema.Hash, out var shares))
            return shares;
        if (_shares.Count == Remembered)
            _shares.Clear();
        return _shares[schema.Hash] = [.. Enumerable.Range(0, schema.Columns.Count).Where(column => IsShare(schema.Columns[column].Name))];
    }

    /// <summary>What a process takes is a share of one processor by some conventions, and may be many.</summary>
    static bool IsShare(string name) =>
        name.EndsWith(".utilization", StringComparison.Ordinal)
        && !name.StartsWith("process.", StringComparison.Ordinal) && !name.StartsWith("container.", StringComparison.Ordinal) && !name.StartsWith("jvm.", StringComparison.Ordinal);
}
