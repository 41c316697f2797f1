using System.Text.Json;

namespace Forewarn.SystemTests;

/// <summary>The whole catalogue of faults side by side, on real ports and in real time: about eleven minutes.</summary>
[Collection("3 drill")]
public sealed class DrillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_catalogue_of_faults_is_told_in_time_and_each_fault_once()
    {
        await using var platform = await Platform.StartAsync(environment: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INGESTION__HOST__ENABLED"] = "false",
        });
        var file = Path.Combine(Directory.CreateTempSubdirectory("forewarn-drill-").FullName, "drill.json");
        await using var drill = Cli.Start(
            ["drill", "--api", platform.Dashboard.ToString().TrimEnd('/'), "--ingest", platform.Door().ToString().TrimEnd('/'), "--json", file]);
        await drill.WaitAsync(TimeSpan.FromMinutes(14));
        output.WriteLine(drill.Output);

        File.Exists(file).ShouldBeTrue(drill.Output);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        var missed = report.RootElement.GetProperty("bars").EnumerateArray()
            .Where(bar => !bar.GetProperty("isMet").GetBoolean())
            .Select(bar => $"{bar.GetProperty("bar").GetString()}: {bar.GetProperty("reached").GetString()}");
        string.Join('\n', missed).ShouldBeEmpty(drill.Output);
    }
}
