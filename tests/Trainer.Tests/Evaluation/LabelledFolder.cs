using System.Globalization;
using System.IO.Compression;
using Forewarn.Analytics;

namespace Forewarn.Trainer.Tests.Evaluation;

/// <summary>Labelled data of a test's own, and the shared sets where they are.</summary>
sealed class LabelledFolder : IDisposable
{
    const string Reason = "../shared/data, the labelled sets, is not beside the checkout";

    public LabelledFolder() => Root = Directory.CreateTempSubdirectory("forewarn-labelled-").FullName;

    public string Root { get; }

    /// <summary>A folder of the shared data; skips the test where there is none.</summary>
    public static string Shared(string set)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data", set);
            if (Directory.Exists(data))
                return data;
        }
        Assert.Skip(Reason);
        return "";
    }

    /// <summary>A series of three metrics of which two move together and part in an event.</summary>
    public string AddSeries(string set, string name, int seed)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, set, name)).FullName;
        var random = new SeededRandom(seed);
        Gzip(Path.Combine(folder, "train.csv.gz"), Enumerable.Range(0, 900).Select(i => Row(i, false)));
        bool[] labels = [.. Enumerable.Range(0, 600).Select(i => i is >= 300 and < 340)];
        Gzip(Path.Combine(folder, "test.csv.gz"), labels.Select((label, i) => Row(i, label)));
        Gzip(Path.Combine(folder, "labels.csv.gz"), labels.Select(label => label ? "1" : "0"));
        return folder;

        string Row(int i, bool isStrange)
        {
            var wave = Math.Sin(i / 30.0);
            return string.Create(CultureInfo.InvariantCulture, $"{wave + (0.05 * random.NextGaussian()):R},{(isStrange ? 3 : wave) + (0.05 * random.NextGaussian()):R},{random.NextDouble():R}");
        }
    }

    /// <summary>A NAB root with one file of 400 rows, five minutes apart, and one window.</summary>
    public string AddNab(string windowStart = "2024-01-01 16:40:00.000000", string windowEnd = "2024-01-01 20:00:00.000000")
    {
        var nab = Path.Combine(Root, "nab");
        Directory.CreateDirectory(Path.Combine(nab, "data", "group"));
        Directory.CreateDirectory(Path.Combine(nab, "labels"));
        var from = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var random = new SeededRandom(1);
        File.WriteAllLines(Path.Combine(nab, "data", "group", "one.csv"),
        [
            "timestamp,value",
            .. Enumerable.Range(0, 400).Select(i => string.Create(CultureInfo.InvariantCulture, $"{from.AddMinutes(5 * i):yyyy-MM-dd HH:mm:ss},{(i is >= 205 and < 230 ? 9 : 1) + random.NextDouble():R}")),
        ]);
        File.WriteAllText(Path.Combine(nab, "labels", "combined_windows.json"), $$"""{ "group/one.csv": [["{{windowStart}}", "{{windowEnd}}"]] }""");
        return nab;
    }

    public static void Gzip(string path, IEnumerable<string> lines)
    {
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        foreach (var line in lines)
            writer.WriteLine(line);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
