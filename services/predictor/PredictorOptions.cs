using System.ComponentModel.DataAnnotations;
using Forewarn.Hosting;

namespace Forewarn.Predictor;

/// <summary>Settings of the predictor, <c>PREDICTOR__*</c>.</summary>
public sealed class PredictorOptions : ISectionOptions
{
    public static string Section => "Predictor";

    /// <summary>False alarms per week and entity that are acceptable on normal behaviour; decides how improbable a tick must be. Default 2.</summary>
    [Range(0.01, 1000)]
    public double FalseAlarmsPerWeek { get; set; } = 2;

    /// <summary>A plain score threshold (0 to 1) in place of the false-alarm budget; unset = the budget decides.</summary>
    [Range(0.0, 1.0)]
    public double? Threshold { get; set; }

    /// <summary>Seconds between questions for a newer model; announcements are acted on at once. Default 30.</summary>
    [Range(1, 3600)]
    public int ModelPollSeconds { get; set; } = 30;

    /// <summary>Seconds between reports on champion and challenger to the trainer. Default 60.</summary>
    [Range(1, 3600)]
    public int ReportSeconds { get; set; } = 60;

    /// <summary>Directory in which fetched models are kept; unset = one in the system's temporary directory.</summary>
    public string? ModelCacheDirectory { get; set; }

    /// <summary>Seconds between normal ranges and forecasts in what is published; decisions always carry them. Default 10.</summary>
    [Range(1, 600)]
    public int OutlookSeconds { get; set; } = 10;

    /// <summary>Seconds between checkpoints of an entity. Default 30.</summary>
    [Range(1, 600)]
    public int CheckpointSeconds { get; set; } = 30;

    /// <summary>Hours after which an entity without samples leaves memory; its checkpoint stays. Default 24.</summary>
    [Range(1, 168)]
    public int GoneAfterHours { get; set; } = 24;

    /// <summary>Hours after which everything known about an entity without samples is forgotten. Default 168.</summary>
    [Range(1, 8760)]
    public int RetentionHours { get; set; } = 168;
}
