using System.ComponentModel.DataAnnotations;
using Forewarn.Hosting;

namespace Forewarn.Alerting;

/// <summary>How incidents live, and who is told of them.</summary>
public sealed class AlertingOptions : ISectionOptions
{
    public static string Section => "Alerting";

    /// <summary>An open incident resolves after this many seconds without a detection, and not before two and a half steps of ticks that are further apart.</summary>
    /// <value>30</value>
    [Range(5, 3600)]
    public int ResolveAfterSeconds { get; set; } = 30;

    /// <summary>A detection within this many seconds after the end continues the incident instead of opening another.</summary>
    /// <value>60</value>
    [Range(0, 86400)]
    public int ReopenWithinSeconds { get; set; } = 60;

    /// <summary>Between two updates of an open incident at least this many seconds pass; the end and a higher severity go out at once.</summary>
    /// <value>5</value>
    [Range(0, 600)]
    public int UpdateEverySeconds { get; set; } = 5;

    /// <summary>YAML file that says who is told of what, as docs/alerting.md describes; changes take effect without a restart. Empty: all incidents go to the console.</summary>
    public string ConfigFile { get; set; } = "";
}
