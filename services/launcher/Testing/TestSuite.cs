using System.Xml.Linq;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Testing;

enum SuiteKind
{
    Unit,
    Compliance,
    System,
    Browser,
}

/// <summary>A test project and its built executable.</summary>
sealed record TestSuite(string Name, SuiteKind Kind, string Executable)
{
    /// <summary>A suite that takes longer hangs. Whole platforms in real time, with a drill of eleven minutes, are what takes longest.</summary>
    static TimeSpan Patience(SuiteKind kind) => TimeSpan.FromMinutes(kind switch
    {
        SuiteKind.Unit => 5,
        SuiteKind.System => 50,
        _ => 15,
    });

    /// <summary>All test projects of the checkout, quick kinds first.</summary>
    public static IReadOnlyList<TestSuite> Find(Checkout checkout) =>
        [.. Directory.EnumerateFiles(Path.Combine(checkout.Root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Select(project => Read(checkout, project)).OfType<TestSuite>().OrderBy(suite => suite.Kind).ThenBy(suite => suite.Name, StringComparer.Ordinal)];

    public async Task<StepResult> RunAsync(string results, IEnumerable<KeyValuePair<string, string>> environment, CancellationToken cancellationToken)
    {
        if (!File.Exists(Executable))
            return StepResult.Check(false, $"{Executable} is missing: it is not part of the solution, or was not built.");
        Directory.CreateDirectory(results);
        var report = Path.Combine(results, Name + ".ctrf.json");
        File.Delete(report);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience(Kind));
        var lines = new List<string>();
        try
        {
            var (exit, output) = await Tools.RunAsync(
                Executable, ["-noLogo", "-noColor", "-result-ctrf", report], Path.GetDirectoryName(Executable)!, limit.Token, environment,
                onLine: line =>
                {
                    lock (lines)
                        lines.Add(line);
                });
            return CtrfReport.Read(File.Exists(report) ? await File.ReadAllTextAsync(report, cancellationToken) : null, exit, output);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            lock (lines)
                return StepResult.Check(false, $"{string.Join('\n', lines)}\nnot done after {Patience(Kind).TotalMinutes} minutes; it was ended");
        }
    }

    static TestSuite? Read(Checkout checkout, string project)
    {
        var folder = Path.GetFileNameWithoutExtension(project);
        var properties = XDocument.Load(project).Descendants().ToLookup(element => element.Name.LocalName, element => element.Value);
        // What the suites share; tests/Directory.Build.props makes the same exception.
        if (folder is "Shared" or "MockKafka" or "KafkaClient")
            return null;
        var assembly = properties["AssemblyName"].FirstOrDefault() ?? $"Forewarn.{folder}";
        var kind = folder switch
        {
            "Compliance" => SuiteKind.Compliance,
            // Publishes as the Dockerfile does, which takes longer than a check may.
            "System" or "Deploy.Tests" => SuiteKind.System,
            "Browser" => SuiteKind.Browser,
            _ => SuiteKind.Unit,
        };
        return new TestSuite(folder, kind, Path.Combine(checkout.Output(folder), OperatingSystem.IsWindows() ? assembly + ".exe" : assembly));
    }
}
