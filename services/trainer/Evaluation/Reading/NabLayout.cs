using System.Globalization;
using System.Text.Json;
using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>The Numenta Anomaly Benchmark as its repository lays it out.</summary>
static class NabLayout
{
    const string Windows = "labels/combined_windows.json";

    /// <summary>The longest of NAB has 22,695.</summary>
    const int MostRows = 1_000_000;

    public static bool IsOne(string folder) => File.Exists(Path.Combine(folder, Windows)) && Directory.Exists(Path.Combine(folder, "data"));

    /// <summary>Which part of the nested protocol a file belongs to: bit 1, the second-lowest, of the MD5 of its path below <c>data</c>.</summary>
    public static bool IsSecondPart(string name)
    {
#pragma warning disable CA5351 // Nothing is secret: the digest only deals files out, as the protocol was written down.
        var digest = System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5351
        return (digest[^1] & 2) != 0;
    }

    /// <exception cref="EvaluationException">A file that the labels name is missing or unreadable.</exception>
    public static LabelledSet Read(string folder)
    {
        Dictionary<string, string[][]> windows;
        var labels = Path.Combine(folder, Windows);
        try
        {
            windows = JsonSerializer.Deserialize(File.ReadAllBytes(labels), EvaluationJson.Default.DictionaryStringStringArrayArray) ?? [];
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{labels} cannot be read: {unreadable.Message}", unreadable);
        }
        if (windows.Count == 0)
            throw new EvaluationException($"{labels} names no file.");
        var streams = InParallel.Select([.. windows.OrderBy(entry => entry.Key, StringComparer.Ordinal)], entry => StreamOf(folder, entry.Key, entry.Value));
        return new LabelledSet(Path.GetFileName(folder), IsNab: true, streams);
    }

    static LabelledStream StreamOf(string folder, string name, string[][] windows)
    {
        var path = Path.Combine(folder, "data", name);
        var (times, values) = Rows(path);
        var labelled = new bool[times.Length];
        foreach (var window in windows)
        {
            var (first, last) = window.Length == 2 ? (Array.IndexOf(times, Time(window[0], path)), Array.IndexOf(times, Time(window[1], path))) : (-1, -1);
            if (first < 0 || last < first)
                throw new EvaluationException($"{folder}: the window {string.Join(" to ", window)} of {name} does not begin and end at rows of the file.");
            labelled.AsSpan(first, last - first + 1).Fill(true);
        }
        return new LabelledStream
        {
            Name = name,
            CadenceMs = CadenceOf(times),
            Training = MetricRows.Empty(1),
            Test = new MetricRows(1, Ascending(times), values),
            Labels = labelled,
            Probation = NabSeries.ProbationOf(times.Length),
        };
    }

    static (long[] Times, double[] Values) Rows(string path)
    {
        var (times, values, line) = (new List<long>(), new List<double>(), 1);
        try
        {
            foreach (var text in File.ReadLines(path).Skip(1))
            {
                line++;
                if (text.Split(',') is not [var time, var value])
                    throw new EvaluationException($"{path}, line {line}: expected is a timestamp and a value.");
                times.Add(Time(time, $"{path}, line {line}"));
                values.Add(CsvNumber.Parse(value, path, line));
                if (times.Count > MostRows)
                    throw new EvaluationException($"{path} has more than {MostRows} rows, which is more than an evaluation takes: cut it.");
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{path} cannot be read, though the labels name it: {unreadable.Message}", unreadable);
        }
        return times.Count > 1 ? ([.. times], [.. values]) : throw new EvaluationException($"{path} has {times.Count} rows; a stream has at least two.");
    }

    static long Time(string text, string where) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new DateTimeOffset(time).ToUnixTimeMilliseconds()
            : throw new EvaluationException($"{where}: '{text}' is no timestamp.");

    static long CadenceOf(long[] times)
    {
        var steps = times.Zip(times.Skip(1), (earlier, later) => later - earlier).Order().ToArray();
        return Math.Max(1000, steps[steps.Length / 2]);
    }

    // Some files repeat an hour or a tick. A stream's time never goes back; a row that would is put a second behind its predecessor.
    static long[] Ascending(long[] times)
    {
        for (var i = 1; i < times.Length; i++)
            times[i] = Math.Max(times[i], times[i - 1] + 1000);
        return times;
    }
}
