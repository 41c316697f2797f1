using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Forewarn.Analytics;

namespace Forewarn.Bench.Forest;

/// <summary>What scikit-learn needs for the same work.</summary>
sealed record SklearnPeer(string Version, ForestTimes Times)
{
    const string Python = "/usr/bin/python3";

    /// <summary>Runs <c>sklearn_forest.py</c> on the same rows; null when there is no scikit-learn.</summary>
    /// <exception cref="InvalidOperationException">It is there and fails.</exception>
    public static async Task<SklearnPeer?> MeasureAsync(TrainingRows rows, int trees, int sampleSize, int batch, CancellationToken cancellationToken)
    {
        if (!File.Exists(Python) || (await RunAsync(["-c", "import sklearn"], cancellationToken)).ExitCode != 0)
            return null;
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, MemoryMarshal.AsBytes(rows.Rows.AsSpan()).ToArray(), cancellationToken);
            return Read(await RequireAsync("sklearn_forest.py", [file, .. Texts(rows.Features, trees, sampleSize, batch)], cancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Scores of the labelled rows by a forest of each seed from 1, higher is stranger.</summary>
    /// <exception cref="InvalidOperationException">scikit-learn fails.</exception>
    public static async Task<IReadOnlyList<double[]>> ScoresAsync(LabelledSet set, int trees, int sampleSize, int seeds, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("forewarn-bench-forest-");
        try
        {
            string[] files = [.. new[] { "train", "test", "scores" }.Select(name => Path.Combine(folder.FullName, name))];
            await File.WriteAllBytesAsync(files[0], MemoryMarshal.AsBytes(set.Train.AsSpan()).ToArray(), cancellationToken);
            await File.WriteAllBytesAsync(files[1], MemoryMarshal.AsBytes(set.Test.AsSpan()).ToArray(), cancellationToken);
            await RequireAsync("sklearn_scores.py", [.. files, .. Texts(set.Features, trees, sampleSize, seeds)], cancellationToken);
            var scores = MemoryMarshal.Cast<byte, double>(await File.ReadAllBytesAsync(files[2], cancellationToken)).ToArray();
            return [.. scores.Chunk(set.Strange.Length)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static IEnumerable<string> Texts(params IEnumerable<int> numbers) => numbers.Select(number => number.ToString(CultureInfo.InvariantCulture));

    static async Task<string> RequireAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await RunAsync([Path.Combine(AppContext.BaseDirectory, "Forest", script), .. arguments], cancellationToken);
        return exitCode == 0 ? output : throw new InvalidOperationException($"scikit-learn failed with exit code {exitCode}: {error}");
    }

    static SklearnPeer Read(string output)
    {
        using var json = JsonDocument.Parse(output);
        double Number(string name) => json.RootElement.GetProperty(name).GetDouble();
        return new SklearnPeer(
            json.RootElement.GetProperty("version").GetString() ?? "?",
            new ForestTimes(Number("trainMicroseconds"), Number("singleRowMicroseconds"), Number("batchRowMicroseconds")));
    }

    static async Task<(int ExitCode, string Output, string Error)> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{Python} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
