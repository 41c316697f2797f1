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
            var script = Path.Combine(AppContext.BaseDirectory, "Forest", "sklearn_forest.py");
            string[] numbers = [.. new[] { rows.Features, trees, sampleSize, batch }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
            var (exitCode, output, error) = await RunAsync([script, file, .. numbers], cancellationToken);
            return exitCode == 0
                ? Read(output)
                : throw new InvalidOperationException($"scikit-learn failed with exit code {exitCode}: {error}");
        }
        finally
        {
            File.Delete(file);
        }
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
