namespace Forewarn.Simulator;

/// <summary>Runs a scenario against a running platform and asks it afterwards what it has told.</summary>
sealed class DrillRun(Scenario scenario, RunSettings settings, IMetricSender sender, IncidentReader incidents, ISimulationView view, TimeProvider time)
{
    /// <summary>Until the last incidents are in history.</summary>
    static readonly TimeSpan _settling = TimeSpan.FromSeconds(3);

    /// <exception cref="PlatformException">The platform does not answer.</exception>
    /// <exception cref="SendingException">Ingestion refuses or stays away.</exception>
    public async Task<DrillReport> RunAsync(CancellationToken cancellationToken)
    {
        await incidents.RequireAsync(cancellationToken);
        var from = Now();
        Course? course = null;
        await view.RunAsync(async () => course = await new Simulation(scenario, settings, sender, view, time).RunAsync(cancellationToken));
        await Task.Delay(_settling, time, cancellationToken);
        var to = Now();
        return DrillVerdict.Of(
            scenario.Name, [.. scenario.Fleet.Names.Select(name => scenario.Fleet.Prefix + name)], [.. course!.Injections.Select(injection => injection.Truth)],
            await incidents.ReadAsync(from, to, cancellationToken), from, to);
    }

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
