using System.Diagnostics.Metrics;

namespace Forewarn.Hosting;

/// <summary>What every service measures about itself in the same way.</summary>
static class HostingTelemetry
{
    public static readonly Meter Meter = new("Forewarn.Hosting");

    /// <summary>Entities whose state this replica holds.</summary>
    public static readonly Gauge<int> Entities = Meter.CreateGauge<int>("forewarn.entities", "{entity}", "Entities whose state this replica holds");
}
