using System.ComponentModel.DataAnnotations;
using System.Net;
using Forewarn.Hosting;

namespace Forewarn.Ingestion;

/// <summary>What ingestion listens to, watches and accepts.</summary>
public sealed class IngestionOptions : ISectionOptions, IValidatableObject
{
    public static string Section => "Ingestion";

    /// <summary>Port of the public listener that takes metrics. Default 7701.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 7701;

    /// <summary>IP address of the public listener. Beyond loopback <see cref="ApiKeyHashes"/> is required. Default 127.0.0.1.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>SHA-256 of each accepted API key, 64 hex digits. When there are any, every request needs <c>Authorization: Bearer KEY</c>. Default none.</summary>
    public IList<string> ApiKeyHashes { get; set; } = [];

    /// <summary>The machine this service runs on.</summary>
    public HostCollectorOptions Host { get; set; } = new();

    /// <summary>URLs and TCP ports whose latency is measured. Default none.</summary>
    public IList<ProbeOptions> Probes { get; set; } = [];

    /// <summary>Whether this replica asks the probes' targets; one replica is enough. Default true.</summary>
    public bool ProbesEnabled { get; set; } = true;

    /// <summary>The StatsD door.</summary>
    public StatsdOptions Statsd { get; set; } = new();

    /// <summary>Targets that expose metrics as Prometheus reads them.</summary>
    public ScrapeOptions Scrape { get; set; } = new();

    /// <summary>Oldest sample that is accepted, in days before now. Default 30.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>Largest request body, in bytes. Default 8 MiB.</summary>
    [Range(1024, 15 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Requests handled at the same time; more are answered 429. Default 32.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentRequests { get; set; } = 32;

    /// <summary>Distinct series of one entity, counted over a day. Default 2,000.</summary>
    [Range(1, 100_000)]
    public int MaxSeriesPerEntity { get; set; } = 2_000;

    /// <summary>Entities that have sent anything within a day. Default 20,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxEntities { get; set; } = 20_000;

    /// <summary>Measurements of this host and of probes kept while the broker is away; the oldest go first. Default 900.</summary>
    [Range(1, 100_000)]
    public int OutboxCapacity { get; set; } = 900;

    internal TimeSpan Retention => TimeSpan.FromDays(RetentionDays);
    internal IPAddress ListenAddress => IPAddress.Parse(Address);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out var address))
            yield return new("it must be an IP address such as 127.0.0.1 or 0.0.0.0.", [nameof(Address)]);
        else if (!IPAddress.IsLoopback(address) && ApiKeyHashes.Count == 0)
            yield return new("an address beyond loopback needs at least one INGESTION__APIKEYHASHES__0 (SHA-256 of a key, 64 hex digits).", [nameof(Address)]);
        foreach (var hash in ApiKeyHashes)
        {
            if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))
                yield return new("each must be a SHA-256 in 64 hex digits (printf %s KEY | sha256sum).", [nameof(ApiKeyHashes)]);
        }
        foreach (var error in NestedErrors())
            yield return error;
        foreach (var twice in Probes.GroupBy(probe => probe.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return new($"two probes are named '{twice.Key}'.", [nameof(Probes)]);
    }

    List<ValidationResult> NestedErrors()
    {
        var errors = new List<ValidationResult>();
        Collect(Host, nameof(Host));
        Collect(Statsd, nameof(Statsd));
        Collect(Scrape, nameof(Scrape));
        for (var i = 0; i < Probes.Count; i++)
            Collect(Probes[i], $"{nameof(Probes)}:{i}");
        return errors;

        void Collect(object nested, string path)
        {
            var found = new List<ValidationResult>();
            Validator.TryValidateObject(nested, new ValidationContext(nested), found, validateAllProperties: true);
            errors.AddRange(found.Select(error => new ValidationResult(error.ErrorMessage, [$"{path}:{error.MemberNames.FirstOrDefault()}"])));
        }
    }
}

/// <summary>The collector of the machine this service runs on.</summary>
public sealed class HostCollectorOptions : IValidatableObject
{
    /// <summary>Whether this machine is watched. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Seconds between measurements. Default 1.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 1;

    /// <summary>Entity under which this machine appears. Default: its host name.</summary>
    public string? Entity { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(Entity) && Names.WhyNotEntity(Entity) is { } reason)
            yield return new(reason, [nameof(Entity)]);
    }
}

/// <summary>The StatsD door: UDP on loopback.</summary>
public sealed class StatsdOptions
{
    /// <summary>Whether StatsD is taken. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>UDP port on 127.0.0.1. Default 8125.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 8125;

    /// <summary>Seconds from row to row of an entity. Default 1.</summary>
    [Range(1, 300)]
    public int FlushSeconds { get; set; } = 1;
}

/// <summary>One target whose answer is timed.</summary>
public sealed class ProbeOptions : IValidatableObject
{
    /// <summary>Name; the entity is <c>probe/NAME</c>.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>An http or https address that is fetched. Either this or <see cref="Tcp"/>.</summary>
    public Uri? Url { get; set; }

    /// <summary><c>host:port</c> that is connected to. Either this or <see cref="Url"/>.</summary>
    public string? Tcp { get; set; }

    /// <summary>Seconds between attempts. Default 5.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 5;

    /// <summary>Milliseconds after which an attempt has failed. Default 3,000.</summary>
    [Range(10, 60_000)]
    public int TimeoutMs { get; set; } = 3_000;

    internal string Entity => $"probe/{Name}";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Names.WhyNotEntity(Entity) is { } reason)
            yield return new(reason, [nameof(Name)]);
        if (Url is null == string.IsNullOrEmpty(Tcp))
            yield return new("give either Url or Tcp.", [nameof(Url)]);
        if (Url is { } url && (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)))
            yield return new("it must be an absolute http or https address.", [nameof(Url)]);
        if (!string.IsNullOrEmpty(Tcp) && !TcpTarget.TryParse(Tcp, out _))
            yield return new("it must be host:port, an IPv6 address in brackets.", [nameof(Tcp)]);
    }
}
