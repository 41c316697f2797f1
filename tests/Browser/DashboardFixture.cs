using Forewarn.Contracts;
using Microsoft.Playwright;

namespace Forewarn.BrowserTests;

/// <summary>A running platform with a simulated host that has had one incident, and a browser.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    public const string Entity = "sim-browser";

    IPlaywright? _playwright;

    public Platform Platform { get; private set; } = null!;
    public IBrowser Browser { get; private set; } = null!;
    public IncidentEvent Incident { get; private set; } = null!;
    Cli? _simulation;

    public async ValueTask InitializeAsync()
    {
        _ = Chromium.Path();
        Platform = await Platform.StartAsync();
        _simulation = Cli.Start(
        [
            "simulate", "--fault", "cpu-saturation", "--entity", Entity, "--ingest", Platform.Door().ToString().TrimEnd('/'),
            "--history", "15m", "--after", "10s", "--for", "30s", "--cooldown", "10m", "--seed", "5",
        ]);
        _playwright = await Playwright.CreateAsync();
        Browser = await Chromium.LaunchAsync(_playwright);
        await Eventually.Async("the simulated fault opens an incident", TimeSpan.FromSeconds(90),
            async () => await Platform.IncidentsAsync(Entity) is [var incident, ..] && (Incident = incident) is not null,
            () => _simulation.Output + Platform.Logs());
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
        if (_simulation is not null)
            await _simulation.DisposeAsync();
        if (Platform is not null)
            await Platform.DisposeAsync();
    }
}
