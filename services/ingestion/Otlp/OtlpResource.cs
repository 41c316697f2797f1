namespace Forewarn.Ingestion;

/// <summary>
/// What an OpenTelemetry resource is called here, after its semantic conventions. An application (<c>service.name</c>) is
/// <c>[service.namespace/]service.name@INSTANCE</c>; anything else is what it says it is, from the most telling attribute to the least.
/// </summary>
static class OtlpResource
{
    /// <summary>The resource's own word for it, above all others.</summary>
    public const string Named = "forewarn.entity";

    /// <summary>Entity of what says nothing of itself.</summary>
    public const string Fallback = "otlp";

    const string InstanceId = "service.instance.id";

    /// <summary>What tells instances of a service apart, before an id that is made anew at every start.</summary>
    public static IReadOnlyList<string> Instances { get; } = ["k8s.pod.name", "container.name", "host.name", "k8s.node.name", "container.id", "host.id"];

    /// <summary>Attributes that say what a resource is or runs on. Others tell resources apart that do not name a service.</summary>
    static readonly string[] _descriptions =
    [
        "service.", "telemetry.", "host.", "os.", "container.", "k8s.", "cloud.", "deployment.", "device.", "faas.", "aws.", "azure.", "gcp.", "heroku.",
        "webengine.", "process.runtime.", "process.command", "process.owner", "process.parent_pid", "process.executable.path", "forewarn.",
    ];

    /// <summary>Attributes that are not kept on a card.</summary>
    static readonly string[] _passing = ["process.", "telemetry.", "forewarn."];

    /// <summary>The entity, allowed by <see cref="Names"/>.</summary>
    public static string EntityOf(IReadOnlyDictionary<string, string> attributes) => Tidy.Entity(
        attributes.GetValueOrDefault(Named) ?? Service(attributes) ?? Pod(attributes) ?? First(attributes, Instances) ?? Fallback);

    /// <summary>
    /// The attributes that are labels of every series: those that are listed, and where no service is named those that receivers
    /// tell by what they ask, such as <c>postgresql.table.name</c> or <c>process.pid</c>.
    /// </summary>
    public static Dictionary<string, string> LabelsOf(IReadOnlyDictionary<string, string> attributes, IEnumerable<string> listed)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in attributes)
        {
            if (listed.Contains(key) || (!attributes.ContainsKey("service.name") && !_descriptions.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))))
                labels[key] = value;
        }
        return labels;
    }

    /// <summary>What is kept of the resource on the entity's card: all but what is new at every start or says how it was measured.</summary>
    public static IReadOnlyDictionary<string, string> CardOf(IReadOnlyDictionary<string, string> attributes) => CardAttributes.Fitting(attributes.Where(attribute =>
        !_passing.Any(prefix => attribute.Key.StartsWith(prefix, StringComparison.Ordinal)) && !(attribute.Key == InstanceId && IsMadeAtStart(attribute.Value))));

    static string? Service(IReadOnlyDictionary<string, string> attributes)
    {
        if (!attributes.TryGetValue("service.name", out var name))
            return null;
        var service = attributes.TryGetValue("service.namespace", out var space) ? $"{space}/{name}" : name;
        var id = attributes.GetValueOrDefault(InstanceId);
        var instance = (IsMadeAtStart(id) ? null : id) ?? First(attributes, Instances) ?? id;
        return instance is null ? service : $"{service}@{instance}";
    }

    static bool IsMadeAtStart(string? instance) => Guid.TryParse(instance, out _);

    static string? Pod(IReadOnlyDictionary<string, string> attributes)
    {
        if (!attributes.TryGetValue("k8s.pod.name", out var pod))
            return null;
        var path = attributes.TryGetValue("k8s.namespace.name", out var space) ? $"{space}/{pod}" : pod;
        return attributes.TryGetValue("k8s.container.name", out var container) ? $"{path}/{container}" : path;
    }

    static string? First(IReadOnlyDictionary<string, string> attributes, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            if (attributes.TryGetValue(key, out var value))
                return value;
        }
        return null;
    }
}
