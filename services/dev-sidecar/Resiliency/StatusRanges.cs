using System.Globalization;

namespace DevSidecar.Resiliency;

/// <summary>The status codes a retry is for, as <c>matching</c> writes them: <c>429,500-599</c>.</summary>
sealed class StatusRanges
{
    readonly (int From, int To)[] _ranges;

    StatusRanges((int, int)[] ranges) => _ranges = ranges;

    /// <exception cref="FormatException">Not a list of codes and ranges between <paramref name="lowest"/> and <paramref name="highest"/>.</exception>
    public static StatusRanges Parse(string text, int lowest, int highest) => new(Array.ConvertAll(text.Split(','), part =>
    {
        var ends = part.Split('-');
        var from = Code(ends[0]);
        var to = ends.Length == 1 ? from : ends.Length == 2 ? Code(ends[1]) : -1;
        return from >= lowest && to >= from && to <= highest
            ? (from, to)
            : throw new FormatException($"'{part.Trim()}' is neither a code nor a range of codes between {lowest} and {highest}");
    }));

    public bool Contains(int code) => Array.Exists(_ranges, r => code >= r.From && code <= r.To);

    static int Code(string text) => int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : -1;
}
