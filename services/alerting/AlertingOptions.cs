using System.ComponentModel.DataAnnotations;
using Forewarn.Hosting;

namespace Forewarn.Alerting;

/// <summary>How incidents live, and who is told of them.</summary>
public sealed class AlertingOptions : ISectionOptions, IValidatableObject
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

    /// <summary>What begins within this many seconds after something else in the same place, with the same evidence, is its symptom.</summary>
    /// <value>30</value>
    [Range(0, 600)]
    public int CorrelateWithinSeconds { get; set; } = 30;

    /// <summary>More new incidents than this within <see cref="StormWithinSeconds"/> are told as one storm.</summary>
    /// <value>10</value>
    [Range(2, 1000)]
    public int StormAbove { get; set; } = 10;

    /// <summary>The window in which new incidents are counted for a storm.</summary>
    /// <value>10</value>
    [Range(1, 600)]
    public int StormWithinSeconds { get; set; } = 10;

    /// <summary>Attributes of entities, separated by commas: those that share the value of one are in the same place.</summary>
    /// <value>k8s.node.name,k8s.deployment.name,host.rack,cloud.availability_zone,service.namespace</value>
    public string RelatedBy { get; set; } = "k8s.node.name,k8s.deployment.name,host.rack,cloud.availability_zone,service.namespace";

    /// <summary>The attribute that says which entities can have to do with each other at all; those without it are one group.</summary>
    /// <value>deployment.environment.name</value>
    public string GroupBy { get; set; } = "deployment.environment.name";

    /// <summary>An incident that comes and goes is waited for longer and longer, at most this many seconds.</summary>
    /// <value>600</value>
    [Range(5, 86400)]
    public int LongestQuietSeconds { get; set; } = 600;

    /// <summary>Where people reach the dashboard: links in notifications lead there. <c>./forewarn up</c> sets it to its own port.</summary>
    /// <value>http://127.0.0.1:7700</value>
    [Required]
    public string PublicUrl
    {
        get;
        set => field = value.TrimEnd('/');
    } = "http://127.0.0.1:7700";

    /// <summary>What links that acknowledge, snooze or judge are signed with: at least 16 characters. Unset: the first replica draws a key and keeps it in the state store.</summary>
    public string? SigningKey { get; set; }

    /// <summary>Days for which those links hold.</summary>
    /// <value>7</value>
    [Range(1, 365)]
    public int LinkDays { get; set; } = 7;

    /// <summary>YAML file that says who is told of what, as docs/alerting.md describes; changes take effect without a restart. Empty: all incidents go to the console.</summary>
    public string ConfigFile { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0)
            yield return new ValidationResult("must be an address like https://forewarn.example.com", [nameof(PublicUrl)]);
        if (SigningKey is { Length: > 0 and < 16 })
            // The message repeats the value it complains about, and keys are never printed.
            yield return new ValidationResult("needs an ALERTING__SIGNINGKEY of at least 16 characters, or none", [nameof(PublicUrl)]);
    }
}
