using System.Globalization;

namespace Forewarn.Trainer;

/// <summary>The metrics that caused an event, where somebody knows them.</summary>
/// <param name="First">First row of the event in the test part.</param>
/// <param name="Last">Its last.</param>
/// <param name="Columns">The metrics, from 0.</param>
sealed record EventCause(int First, int Last, IReadOnlyList<int> Columns);

/// <summary>
/// <c>causes.txt</c> beside the labels, in the format of the Server Machine Dataset's interpretation labels: a line
/// <c>first-last:metric,metric</c> for each event, rows from 0, metrics from 1.
/// </summary>
static class Causes
{
    const string FileName = "causes.txt";

    /// <summary>Empty when there is no such file.</summary>
    /// <exception cref="EvaluationException">A line is no such line, or points outside the rows or metrics.</exception>
    public static IReadOnlyList<EventCause> Read(string folder, int rows, int columns)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return [];
        try
        {
            return [.. File.ReadLines(path).Where(line => line.Length > 0).Select((line, i) =>
                Parse(line, rows, columns) ?? throw new EvaluationException(
                    $"{path}, line {i + 1}: '{line}' is not first-last:metric,metric with rows below {rows} and metrics 1 to {columns}."))];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{path} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    static EventCause? Parse(string line, int rows, int columns)
    {
        if (line.Split(':') is not [var range, var metrics] || range.Split('-') is not [var from, var to])
            return null;
        int[] numbers = [.. metrics.Split(',').Select(metric => Number(metric) - 1)];
        var (first, last) = (Number(from), Number(to));
        return first >= 0 && last >= first && last < rows && numbers.All(number => number >= 0 && number < columns)
            ? new EventCause(first, last, numbers)
            : null;
    }

    static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
