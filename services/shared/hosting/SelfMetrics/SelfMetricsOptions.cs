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

    /// <summary>Tells replicas of one service apart: the entity becomes <c>forewarn/APP-REPLICA</c>. Default none.</summary>
    [RegularExpression("[A-Za-z0-9._-]{0,64}", ErrorMessage = "it may hold only letters, digits and . _ -")]
    public string? Replica { get; set; }
}
