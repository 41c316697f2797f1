using System.Globalization;
using Forewarn.Testing;

namespace Forewarn.Bench.Alert;

/// <summary>A platform that tells a webhook.</summary>
static class AlertPlatform
{
    /// <param name="stormAbove">Null = as configured by default.</param>
    public static async Task<Platform> StartAsync(HookServer hooks, int? stormAbove)
    {
        // In the folder of the platform's own data, which goes with it.
        var data = Directory.CreateTempSubdirectory("forewarn-system-").FullName;
        var config = Path.Combine(data, "alerting.yaml");
        await File.WriteAllTextAsync(config, HookServer.EverythingHere);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INGESTION__HOST__ENABLED"] = "false",
            ["SELFMETRICS__ENABLED"] = "false",
            ["ALERTING__CONFIGFILE"] = config,
            // Every change is published, so that what was taken in can be counted.
            ["ALERTING__UPDATEEVERYSECONDS"] = "0",
            ["FOREWARN_WEBHOOK_URL"] = hooks.Url.ToString(),
        };
        if (stormAbove is { } above)
            environment["ALERTING__STORMABOVE"] = above.ToString(CultureInfo.InvariantCulture);
        return await Platform.StartAsync(environment: environment, data: data);
    }
}
