using System.Diagnostics;
using Forewarn.Contracts;

namespace Forewarn.SystemTests;

[Collection("9 real host")]
public sealed class RealHostTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Real_load_on_this_machine_opens_an_incident_that_resolves()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The load is made with Linux tools.");
        await using var platform = await Platform.StartAsync();
        var host = Environment.MachineName;
        await WarmAndQuietAsync(platform, host);

        var before = (await platform.IncidentsAsync(host)).Count;
        var load = Enumerable.Range(0, Environment.ProcessorCount * 2).Select(_ => Busy()).ToList();
        try
        {
            await Eventually.Async("real load opens an incident", TimeSpan.FromSeconds(40),
                async () => (await platform.IncidentsAsync(host)).Count > before, platform.Logs);
        }
        finally
        {
            foreach (var process in load)
            {
                process.Kill();
                process.Dispose();
            }
        }
        await Eventually.Async("the incident resolves", TimeSpan.FromSeconds(150),
            async () => (await platform.IncidentsAsync(host)).All(incident => incident.Status == IncidentStatus.Resolved), platform.Logs);

        foreach (var incident in await platform.IncidentsAsync(host))
            output.WriteLine($"{incident.Severity} x{incident.Count}: {incident.Summary}");
    }

    /// <summary>Two minutes of history, then half a minute in which nothing is open.</summary>
    static async Task WarmAndQuietAsync(Platform platform, string host)
    {
        var watch = Stopwatch.StartNew();
        var quietSince = TimeSpan.Zero;
        await Eventually.Async("the host is warm and quiet", TimeSpan.FromMinutes(5), async () =>
        {
            if ((await platform.IncidentsAsync(host)).Any(incident => incident.Status != IncidentStatus.Resolved))
                quietSince = watch.Elapsed;
            return watch.Elapsed > TimeSpan.FromMinutes(2) && watch.Elapsed - quietSince > TimeSpan.FromSeconds(30);
        }, platform.Logs);
    }

    static Process Busy() => Process.Start(new ProcessStartInfo("sh", ["-c", "while :; do :; done"]))!;
}
