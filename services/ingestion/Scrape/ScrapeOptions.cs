using System.ComponentModel.DataAnnotations;

namespace Forewarn.Ingestion;

/// <summary>Targets that expose metrics as Prometheus reads them.</summary>
public sealed class ScrapeOptions : IValidatableObject
{
    /// <summary>Whether this replica asks the targets; one replica is enough. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Largest exposition, in bytes after decompression. Default 16 MiB.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Groups of targets. Default none.</summary>
    public IList<ScrapeJobOptions> Jobs { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < Jobs.Count; i++)
        {
            var found = new List<ValidationResult>();
            Validator.TryValidateObject(Jobs[i], new ValidationContext(Jobs[i]), found, validateAllProperties: true);
            foreach (var error in found)
                yield return new(error.ErrorMessage, [$"{nameof(Jobs)}:{i}:{error.MemberNames.FirstOrDefault()}"]);
        }
        foreach (var twice in Jobs.GroupBy(job => job.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return new($"two jobs are named '{twice.Key}'.", [nameof(Jobs)]);
    }
}

/// <summary>Targets that are asked alike.</summary>
public sealed class ScrapeJobOptions : IValidatableObject
{
    /// <summary>Name; the label <c>job</c> of its series.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>Targets as <c>host:port</c>. Default none.</summary>
    public IList<string> Targets { get; set; } = [];

    /// <summary>Files of targets in Prometheus' format for <c>file_sd</c>, JSON or YAML, read again when they change; the last part of a path may hold <c>*</c>. Default none.</summary>
    public IList<string> Files { get; set; } = [];

    /// <summary>Seconds from scrape to scrape of a target. Default 10.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 10;

    /// <summary>Milliseconds after which a scrape has failed, no longer than the interval. Default: the interval, at most 10 s.</summary>
    [Range(0, 600_000)]
    public int TimeoutMs { get; set; }

    /// <summary>Path of the exposition. Default /metrics.</summary>
    [Required]
    public string Path { get; set; } = "/metrics";

    /// <summary><c>http</c> or <c>https</c>. Default http.</summary>
    [RegularExpression("^https?$")]
    public string Scheme { get; set; } = "http";

    /// <summary>Labels that all its series get. Default none.</summary>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Token that is sent as <c>Authorization: Bearer</c>. Default none.</summary>
    public string? BearerToken { get; set; }

    /// <summary>File that holds the token, as secrets are mounted; read anew at each scrape. Default none.</summary>
    public string? BearerTokenFile { get; set; }

    /// <summary>Samples of an exposition at most; one with more has failed. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int SampleLimit { get; set; } = 10_000;

    internal TimeSpan Interval => TimeSpan.FromSeconds(IntervalSeconds);
    internal TimeSpan Timeout => TimeSpan.FromMilliseconds(TimeoutMs > 0 ? TimeoutMs : Math.Min(IntervalSeconds * 1000, 10_000));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Targets.Count == 0 && Files.Count == 0)
            yield return new("give Targets, Files or both.", [nameof(Targets)]);
        foreach (var target in Targets.Where(target => !TcpTarget.TryParse(target, out _)))
            yield return new($"'{target}' must be host:port, an IPv6 address in brackets.", [nameof(Targets)]);
        if (!Path.StartsWith('/'))
            yield return new("it must begin with /.", [nameof(Path)]);
        if (TimeoutMs > IntervalSeconds * 1000)
            yield return new("it may not be longer than the interval.", [nameof(TimeoutMs)]);
        if (!string.IsNullOrEmpty(BearerToken) && !string.IsNullOrEmpty(BearerTokenFile))
            yield return new("give either BearerToken or BearerTokenFile.", [nameof(BearerTokenFile)]);
        if (Labels.Count > Names.MaxLabels)
            yield return new($"there may be at most {Names.MaxLabels}.", [nameof(Labels)]);
    }
}
