using Forewarn.Contracts;

namespace Forewarn.SystemTests;

[Collection("2 faults")]
public sealed class FaultTests(ITestOutputHelper output)
{
    static readonly string[] Faults = ["cpu-saturation", "memory-leak", "latency-spike", "disk-fill"];

    [Fact]
    public async Task Each_simulated_fault_opens_one_incident_says_why_within_a_second_and_resolves()
    {
        await using var platform = await Platform.StartAsync();
        output.WriteLine($"ready after {platform.StartUp.TotalSeconds:0.0} s");

        var runs = Faults.Select(fault => Simulate(platform, fault)).ToList();
        foreach (var run in runs)
        {
            await run.WaitAsync(TimeSpan.FromMinutes(5));
            run.ExitCode.ShouldBe(0, run.Output);
            await run.DisposeAsync();
        }

        var latencies = new List<long>();
        foreach (var fault in Faults)
        {
            var entity = $"sim-{fault}";
            await Eventually.Async($"the incident of {fault} is over", TimeSpan.FromSeconds(60),
                async () => await platform.IncidentsAsync(entity) is [.., { Status: IncidentStatus.Resolved }], platform.Logs);
            var incidents = await platform.IncidentsAsync(entity);
            foreach (var seen in incidents)
                output.WriteLine($"{fault}: {seen.Severity} {seen.Kind} x{seen.Count}: {seen.Summary}");
            var incident = incidents.ShouldHaveSingleItem($"{fault} opens one incident");
            incident.Summary.ShouldNotBeNullOrWhiteSpace();
            incident.Contributors.Count.ShouldBeGreaterThan(0);
            latencies.Add(incident.Stamps.Notified - incident.Stamps.Received);
            output.WriteLine($"{fault}: {Stages(incident.Stamps)}");
        }

        latencies.Sort();
        output.WriteLine($"alert latency over {latencies.Count} incidents: p50 {latencies[latencies.Count / 2]} ms, p99 {latencies[^1]} ms");
        latencies[^1].ShouldBeLessThan(1000);
        platform.Launcher.Output.ShouldContain("ALERT");
        platform.Launcher.Output.ShouldContain("RESOLVED");
    }

    static string Stages(Stamps s) => $"features after {s.Featured - s.Received} ms, scored {s.Scored - s.Featured}, detected {s.Detected - s.Scored}, notified {s.Notified - s.Detected}";

    static Cli Simulate(Platform platform, string fault) => Cli.Start(
    [
        "simulate", "--fault", fault, "--entity", $"sim-{fault}", "--ingest", platform.Door().ToString().TrimEnd('/'),
        "--history", "10m", "--after", "20s", "--for", "45s", "--cooldown", "60s", "--seed", "7",
    ]);
}
