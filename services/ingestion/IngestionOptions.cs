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

    /// <summary>IP address of the public listener. Beyond loopback <see cref="Keys"/> are required. Default 127.0.0.1.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Keys of those who may send, one for each source. When there are any, every request needs <c>Authorization: Bearer KEY</c>. Default none.</summary>
    public IList<KeyOptions> Keys { get; set; } = [];

    /// <summary>The machine this service runs on.</summary>
    public HostCollectorOptions Host { get; set; } = new();

    /// <summary>URLs and TCP ports whose latency is measured. Default none.</summary>
    public IList<ProbeOptions> Probes { get; set; } = [];

    /// <summary>Whether this replica asks the probes' targets; one replica is enough. Default true.</summary>
    public bool ProbesEnabled { get; set; } = true;

    /// <summary>The StatsD door.</summary>
    public StatsdOptions Statsd { get; set; } = new();

    /// <summary>The OTLP door.</summary>
    public OtlpOptions Otlp { get; set; } = new();

    /// <summary>Targets that expose metrics as Prometheus reads them.</summary>
    public ScrapeOptions Scrape { get; set; } = new();

    /// <summary>Alerts of Prometheus and Alertmanager.</summary>
    public AlertOptions Alerts { get; set; } = new();

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

    /// <summary>Distinct series of one source, that is of one key, or of one door where there are no keys; counted over a day. Default 500,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxSeriesPerSource { get; set; } = 500_000;

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
        else if (!IPAddress.IsLoopback(address) && Keys.Count == 0)
            yield return new("an address beyond loopback needs at least one key (INGESTION__KEYS__0__NAME and INGESTION__KEYS__0__SHA256).", [nameof(Address)]);
        foreach (var twice in Keys.GroupBy(key => key.Sha256, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            yield return new($"{string.Join(" and ", twice.Select(key => $"'{key.Name}'"))} have the same key.", [nameof(Keys)]);
        if (Otlp.Enabled && new[] { Port, Otlp.GrpcPort, Otlp.HttpPort }.Distinct().Count() < 3)
            yield return new("each listener needs a port of its own: INGESTION__PORT, INGESTION__OTLP__GRPCPORT, INGESTION__OTLP__HTTPPORT.", [nameof(Port)]);
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
        Collect(Otlp, nameof(Otlp));
        Collect(Alerts, nameof(Alerts));
        for (var i = 0; i < Keys.Count; i++)
            Collect(Keys[i], $"{nameof(Keys)}:{i}");
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

/// <summary>Who may send, and how much.</summary>
public sealed class KeyOptions : IValidatableObject
{
    /// <summary>Name of the source, as counters show it. Several keys of one name are one source, so that a key can be replaced.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the key, 64 hex digits: <c>printf %s KEY | sha256sum</c>.</summary>
    [Required]
    public string Sha256 { get; set; } = "";

    /// <summary>Distinct series of this source, counted over a day. Default 0: as <see cref="IngestionOptions.MaxSeriesPerSource"/> says.</summary>
    [Range(0, 100_000_000)]
    public int MaxSeries { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Names.WhyNotLabelValue(Name) is { } reason)
            yield return new(reason, [nameof(Name)]);
        if (Sha256.Length != 64 || !Sha256.All(char.IsAsciiHexDigit))
            yield return new("it must be a SHA-256 in 64 hex digits (printf %s KEY | sha256sum).", [nameof(Sha256)]);
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

/// <summary>The OTLP door, on the address of the public listener.</summary>
public sealed class OtlpOptions
{
    /// <summary>Whether OTLP is taken. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Port of OTLP/gRPC, without TLS. Default 4317.</summary>
    [Range(1, 65535)]
    public int GrpcPort { get; set; } = 4317;

    /// <summary>Port of OTLP/HTTP; the public listener takes it too. Default 4318.</summary>
    [Range(1, 65535)]
    public int HttpPort { get; set; } = 4318;

    /// <summary>Resource attributes that become labels of every series. Default none.</summary>
    public IList<string> ResourceLabels { get; set; } = [];
}

/// <summary>How alerts of Prometheus and Alertmanager are read.</summary>
public sealed class AlertOptions : IValidatableObject
{
    /// <summary>Labels that name the entity, the most telling first. Default none: as series of Prometheus, entity, instance, host, hostname, server, service, and then the job.</summary>
    public IList<string> EntityLabels { get; set; } = [];

    /// <summary>Hours for which a firing alert of a webhook holds without being told again: longer than Alertmanager's repeat_interval. Default 24.</summary>
    [Range(1, 744)]
    public int WebhookHoldHours { get; set; } = 24;

    /// <summary>Minutes for which an alert of <c>/api/v2/alerts</c> holds that says no end. Default 5, as Alertmanager's resolve_timeout.</summary>
    [Range(1, 1440)]
    public int WithoutEndMinutes { get; set; } = 5;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (EntityLabels.FirstOrDefault(string.IsNullOrWhiteSpace) is not null)
            yield return new("a label may not be empty.", [nameof(EntityLabels)]);
    }
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
