using System.ComponentModel.DataAnnotations;

namespace Forewarn.Hosting;

/// <summary>What every service tells about itself.</summary>
public sealed class SelfMetricsOptions : ISectionOptions
{
    public static string Section => "SelfMetrics";

    /// <summary>Whether this service appears as an entity <c>forewarn/APP</c>. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Seconds between measurements. Default 5.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 5;
}
