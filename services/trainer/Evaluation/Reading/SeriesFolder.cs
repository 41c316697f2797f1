using System.IO.Compression;

namespace Forewarn.Trainer;

/// <summary>A folder with a training part, a test part and its labels: numbers without header, one row a tick.</summary>
static class SeriesFolder
{
    const string Train = "train.csv.gz";
    const string Test = "test.csv.gz";
    const string Labels = "labels.csv.gz";

    const int MostColumns = 1000;

    /// <summary>1,000 metrics at one-minute ticks for two weeks; beyond it something else was packed.</summary>
    const int MostValues = 20_000_000;

    /// <summary>Rows have no time: the training part begins here.</summary>
    static readonly long Epoch = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static bool IsOne(string folder) => File.Exists(Path.Combine(folder, Test));

    /// <exception cref="EvaluationException">A file is missing, no CSV, or does not fit the others.</exception>
    public static LabelledStream Read(string folder, long cadenceMs)
    {
        var (columns, train) = Numbers(Path.Combine(folder, Train));
        var (testColumns, test) = Numbers(Path.Combine(folder, Test));
        if (columns != testColumns)
            throw new EvaluationException($"{folder}: {Train} has {columns} columns and {Test} {testColumns}; both must hold the same metrics.");
        var (width, labels) = Numbers(Path.Combine(folder, Labels));
        var (trainRows, testRows) = (train.Length / columns, test.Length / columns);
        if (width != 1 || labels.Length != testRows)
            throw new EvaluationException($"{folder}: {Labels} has {labels.Length / width} rows of {width}; it must have one 0 or 1 for each of the {testRows} rows of {Test}.");
        if (Array.Find(labels, label => label is not (0 or 1)) is var odd && odd != 0)
            throw new EvaluationException($"{folder}: {Labels} holds {odd}; a label is 0 or 1.");
        return new LabelledStream
        {
            Name = Path.GetFileName(folder),
            CadenceMs = cadenceMs,
            Training = new MetricRows(columns, Times(Epoch, trainRows, cadenceMs), train),
            Test = new MetricRows(columns, Times(Epoch + (trainRows * cadenceMs), testRows, cadenceMs), test),
            Labels = [.. labels.Select(label => label == 1)],
            Causes = Causes.Read(folder, testRows, columns),
            Probation = 0,
        };
    }

    static long[] Times(long from, int count, long cadenceMs) => [.. Enumerable.Range(0, count).Select(i => from + (i * cadenceMs))];

    static (int Columns, double[] Values) Numbers(string path)
    {
        var (columns, line) = (0, 0);
        var values = new List<double>();
        try
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
            while (reader.ReadLine() is { } text)
            {
                line++;
                var before = values.Count;
                foreach (var range in text.AsSpan().Split(','))
                    values.Add(CsvNumber.Parse(text.AsSpan(range), path, line));
                columns = before == 0 ? values.Count : columns;
                if (columns > MostColumns)
                    throw new EvaluationException($"{path} has {columns} columns; an entity of an evaluation has at most {MostColumns} metrics.");
                if (values.Count - before != columns)
                    throw new EvaluationException($"{path}, line {line}: {values.Count - before} numbers where the first line has {columns}.");
                if (values.Count > MostValues)
                    throw new EvaluationException($"{path} holds more than {MostValues} numbers, which is more than an evaluation takes: cut it.");
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{path} cannot be read: {unreadable.Message}", unreadable);
        }
        return columns > 0 ? (columns, [.. values]) : throw new EvaluationException($"{path} is empty.");
    }
}
