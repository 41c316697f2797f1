using System.Globalization;
using System.IO.Compression;
using Forewarn.Analytics;

namespace Forewarn.Bench.Forest;

/// <summary>Rows to train on, and rows of which it is known whether they are strange.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Features">Numbers in a row.</param>
/// <param name="Train">Row-major.</param>
/// <param name="Test">Row-major.</param>
/// <param name="Strange">One for each row of <paramref name="Test"/>.</param>
sealed record LabelledSet(string Name, int Features, float[] Train, float[] Test, bool[] Strange)
{
    /// <summary>
    /// Folders below this one that hold <c>train.csv.gz</c>, <c>test.csv.gz</c> (a row per line, no header) and
    /// <c>labels.csv.gz</c> (0 or 1 per test row); one generated set when there are none.
    /// </summary>
    public static IEnumerable<LabelledSet> Find(string folder)
    {
        var folders = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "labels.csv.gz", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).ToList()
            : [];
        return folders.Count > 0 ? folders.Select(Read) : [Generate()];
    }

    static LabelledSet Read(string folder)
    {
        var (train, features) = ReadRows(Path.Combine(folder, "train.csv.gz"));
        var (test, _) = ReadRows(Path.Combine(folder, "test.csv.gz"));
        var (labels, _) = ReadRows(Path.Combine(folder, "labels.csv.gz"));
        return labels.Length == test.Length / features
            ? new LabelledSet(Path.GetFileName(folder), features, train, test, Array.ConvertAll(labels, label => label > 0))
            : throw new InvalidDataException($"{folder} has {test.Length / features} test rows and {labels.Length} labels.");
    }

    static (float[] Rows, int Features) ReadRows(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var rows = new List<float>();
        var features = 0;
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            features = features == 0 ? cells.Length : features;
            if (cells.Length != features)
                throw new InvalidDataException($"{file} has rows of {features} and of {cells.Length} numbers.");
            foreach (var cell in cells)
            {
                // A forest reads finite numbers: what was not measured counts as nothing.
                var value = float.Parse(cell, CultureInfo.InvariantCulture);
                rows.Add(float.IsFinite(value) ? value : 0);
            }
        }
        return ([.. rows], features);
    }

    /// <summary>Generated normal behaviour; a tenth of the test rows have three entries two to four times as large.</summary>
    static LabelledSet Generate()
    {
        const int raised = 3;
        var (known, unseen) = (NormalBehaviour.FirstTrainingRows(seed: 1), NormalBehaviour.FirstTrainingRows(seed: 2));
        var random = new SeededRandom(3);
        var rows = unseen.Rows.ToArray();
        var strange = new bool[unseen.RowCount];
        for (var row = 0; row < strange.Length; row++)
        {
            strange[row] = random.Chance(0.1);
            for (var i = 0; strange[row] && i < raised; i++)
                rows[(row * unseen.Features) + random.NextInt(unseen.Features)] *= (float)random.Between(2, 4);
        }
        return new LabelledSet("generated", known.Features, known.Rows[..(known.RowCount * known.Features)], rows[..(unseen.RowCount * unseen.Features)], strange);
    }
}
