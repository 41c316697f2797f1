using DevSidecar.Components;
using DevSidecar.DurableLog;
using YamlDotNet.RepresentationModel;

namespace DevSidecar.Resiliency;

/// <summary>What applies to one target and direction: how often to try again and how long one attempt may take.</summary>
sealed record Policy(BackOff? Retry, TimeSpan? Timeout)
{
    public static Policy None { get; } = new(null, null);
}

/// <summary>The Resiliency documents: retries and time-outs by target. Circuit breakers are refused, not ignored.</summary>
sealed class Policies
{
    readonly Dictionary<string, Policy> _targets = new(StringComparer.Ordinal);

    public Policies(IEnumerable<ResourceDocument> documents)
    {
        foreach (var document in documents)
        {
            Read(document);
        }
    }

    public Policy Inbound(string component) => _targets.GetValueOrDefault("in/" + component, Policy.None);

    public Policy Outbound(string component) => _targets.GetValueOrDefault("out/" + component, Policy.None);

    public Policy App(string appId) => _targets.GetValueOrDefault("app/" + appId, Policy.None);

    void Read(ResourceDocument document)
    {
        var where = $"resiliency '{document.Name}' in {document.File}";
        var policies = document.Spec.Get("policies");
        if (policies.Get("circuitBreakers").Members().Any())
        {
            throw new SidecarConfigurationException($"{where}: circuitBreakers are not supported by this version. Remove them.");
        }

        var timeouts = policies.Get("timeouts").Members()
            .ToDictionary(m => m.Name, m => GoDuration.Parse(((YamlScalarNode)m.Value).Value ?? "", $"{where}: timeout '{m.Name}'"), StringComparer.Ordinal);
        var retries = policies.Get("retries").Members()
            .ToDictionary(m => m.Name, m => Retry(m.Value, $"{where}: retry '{m.Name}'"), StringComparer.Ordinal);
        var targets = document.Spec.Get("targets");
        foreach (var (name, target) in targets.Get("apps").Members())
        {
            _targets["app/" + name] = Target(target, timeouts, retries, where);
        }

        foreach (var (name, target) in targets.Get("components").Members())
        {
            _targets["in/" + name] = Target(target.Get("inbound"), timeouts, retries, where);
            _targets["out/" + name] = Target(target.Get("outbound"), timeouts, retries, where);
        }

        if (targets.Get("actors").Members().Any())
        {
            throw new SidecarConfigurationException($"{where}: targets.actors is not supported by this version. Remove it; actor calls have Dapr's built-in retries.");
        }
    }

    static BackOff Retry(YamlNode node, string where)
    {
        if (node.Get("matching") is not null)
        {
            throw new SidecarConfigurationException($"{where}: 'matching' is not supported by this version. Remove it.");
        }

        var exponential = (node.Text("policy") ?? "constant") switch
        {
            "constant" => false,
            "exponential" => true,
            var other => throw new SidecarConfigurationException($"{where}: policy '{other}' is unknown. Use constant or exponential."),
        };
        var interval = node.Text("duration") is { } duration ? GoDuration.Parse(duration, where)
            : exponential ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(5);
        var longest = node.Text("maxInterval") is { } max ? GoDuration.Parse(max, where) : TimeSpan.FromSeconds(60);
        var retries = node.Text("maxRetries") is { } text
            ? int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : throw new SidecarConfigurationException($"{where}: maxRetries '{text}' is not a whole number.")
            : -1;
        return new(exponential, interval, longest, retries);
    }

    static Policy Target(YamlNode? node, Dictionary<string, TimeSpan> timeouts, Dictionary<string, BackOff> retries, string where)
    {
        BackOff? retry = null;
        if (node.Text("retry") is { } retryName && !retries.TryGetValue(retryName, out retry))
        {
            throw new SidecarConfigurationException($"{where}: a target names retry '{retryName}', which is not defined.");
        }

        TimeSpan? timeout = null;
        if (node.Text("timeout") is { } timeoutName)
        {
            timeout = timeouts.TryGetValue(timeoutName, out var value)
                ? value
                : throw new SidecarConfigurationException($"{where}: a target names timeout '{timeoutName}', which is not defined.");
        }

        return new(retry, timeout);
    }
}
