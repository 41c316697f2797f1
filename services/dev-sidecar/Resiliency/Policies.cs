using System.Globalization;
using DevSidecar.Components;
using YamlDotNet.RepresentationModel;

namespace DevSidecar.Resiliency;

/// <summary>Whether the actors of a type share one circuit breaker or each has its own.</summary>
enum BreakerScope
{
    Type,
    Id,
}

/// <summary>The policies of one target; <paramref name="Document"/> names where they were read, for metrics.</summary>
sealed record TargetPolicy(string Document, Policy Policy, int BreakerCacheSize = Policies.DefaultCacheSize, BreakerScope Scope = BreakerScope.Type)
{
    public static TargetPolicy None { get; } = new("", Policy.None);
}

/// <summary>
/// What the Resiliency documents one app sees say about its targets. A target without an entry takes the policies whose names
/// say that they are defaults: <c>DefaultAppRetryPolicy</c>, <c>DefaultPubsubComponentInboundTimeoutPolicy</c>, <c>DefaultRetryPolicy</c>.
/// </summary>
sealed class Policies
{
    public const int DefaultCacheSize = 5000;

    readonly PolicyDefinitions _definitions = new();
    readonly Dictionary<string, TargetPolicy> _targets = new(StringComparer.Ordinal);
    readonly string _lastDocument = "";

    public Policies(IEnumerable<ResourceDocument> documents)
    {
        var all = documents.ToList();
        foreach (var document in all)
        {
            var where = Where(document);
            document.Spec.AllowOnly(where, "policies", "targets");
            _definitions.Read(document.Spec.Get("policies"), where);
            _lastDocument = document.Name;
        }

        foreach (var document in all)
        {
            ReadTargets(document);
        }
    }

    /// <summary>Those an app sees: the documents without scopes and those that name it.</summary>
    public static Policies For(IEnumerable<ResourceDocument> documents, string appId) =>
        new(documents.Where(d => d.Scopes.Count == 0 || d.Scopes.Contains(appId, StringComparer.Ordinal)));

    /// <summary>Reads the documents as every app named in them will, so that mistakes stop the start and not the first app.</summary>
    public static void Check(IReadOnlyList<ResourceDocument> documents)
    {
        foreach (var appId in documents.SelectMany(d => d.Scopes).Append("").Distinct(StringComparer.Ordinal))
        {
            For(documents, appId);
        }
    }

    public TargetPolicy App(string appId) => _targets.GetValueOrDefault("app/" + appId) ?? Default("App");

    public TargetPolicy Actor(string type) => _targets.GetValueOrDefault("actor/" + type) ?? Default("Actor");

    /// <param name="kind">Pubsub, Statestore or Binding.</param>
    public TargetPolicy Inbound(string component, string kind) =>
        _targets.GetValueOrDefault("in/" + component) ?? Default(kind + "ComponentInbound", "ComponentInbound", "Component");

    /// <inheritdoc cref="Inbound"/>
    public TargetPolicy Outbound(string component, string kind) =>
        _targets.GetValueOrDefault("out/" + component) ?? Default(kind + "ComponentOutbound", "ComponentOutbound", "Component");

    /// <summary>A built-in retry, or what a document put in its place.</summary>
    public RetryRule Retry(string builtIn) => _definitions.Retries[builtIn];

    TargetPolicy Default(params ReadOnlySpan<string> levels)
    {
        RetryRule? retry = null;
        TimeSpan? timeout = null;
        BreakerRule? breaker = null;
        foreach (var level in (ReadOnlySpan<string>)[.. levels, ""])
        {
            retry ??= _definitions.Retries.GetValueOrDefault($"Default{level}RetryPolicy");
            timeout ??= _definitions.Timeouts.TryGetValue($"Default{level}TimeoutPolicy", out var value) ? value : null;
            breaker ??= _definitions.Breakers.GetValueOrDefault($"Default{level}CircuitBreakerPolicy");
        }

        return retry is null && timeout is null && breaker is null ? TargetPolicy.None : new(_lastDocument, new(retry, timeout, breaker));
    }

    void ReadTargets(ResourceDocument document)
    {
        var where = Where(document);
        var targets = document.Spec.Get("targets");
        targets.AllowOnly(where + ": targets", "apps", "actors", "components");
        foreach (var (name, target) in targets.Get("apps").Members())
        {
            var here = $"{where}: app '{name}'";
            target.AllowOnly(here, "timeout", "retry", "circuitBreaker", "circuitBreakerCacheSize");
            _targets["app/" + name] = new(document.Name, Policy(target, here), CacheSize(target, here));
        }

        foreach (var (name, target) in targets.Get("actors").Members())
        {
            var here = $"{where}: actor '{name}'";
            target.AllowOnly(here, "timeout", "retry", "circuitBreaker", "circuitBreakerScope", "circuitBreakerCacheSize");
            var policy = Policy(target, here);
            _targets["actor/" + name] = new(document.Name, policy, CacheSize(target, here), Scope(target, policy, here));
        }

        foreach (var (name, target) in targets.Get("components").Members())
        {
            target.AllowOnly($"{where}: component '{name}'", "inbound", "outbound");
            foreach (var (direction, key) in (ReadOnlySpan<(string, string)>)[("inbound", "in/"), ("outbound", "out/")])
            {
                var here = $"{where}: component '{name}' {direction}";
                target.Get(direction).AllowOnly(here, "timeout", "retry", "circuitBreaker");
                _targets[key + name] = new(document.Name, Policy(target.Get(direction), here));
            }
        }
    }

    Policy Policy(YamlNode? target, string where) => new(
        Named(target, "retry", _definitions.Retries, where),
        target.Text("timeout") is { } timeout ? Find(timeout, "timeout", _definitions.Timeouts, where) : null,
        Named(target, "circuitBreaker", _definitions.Breakers, where));

    static T? Named<T>(YamlNode? target, string key, Dictionary<string, T> policies, string where)
        where T : class => target.Text(key) is { } name ? Find(name, key, policies, where) : null;

    static T Find<T>(string name, string key, Dictionary<string, T> policies, string where) => policies.TryGetValue(name, out var policy)
        ? policy
        : throw new SidecarConfigurationException($"{where} names {key} '{name}', which is not defined.");

    static int CacheSize(YamlNode target, string where) => target.Text("circuitBreakerCacheSize") is not { } text
        ? DefaultCacheSize
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size == 0 ? DefaultCacheSize : size
            : throw new SidecarConfigurationException($"{where}: circuitBreakerCacheSize '{text}' is not a whole number.");

    /// <summary>daprd reads "both" and keeps one breaker per id for it, and so does this.</summary>
    static BreakerScope Scope(YamlNode target, Policy policy, string where) => target.Text("circuitBreakerScope") switch
    {
        "type" => BreakerScope.Type,
        "id" or "both" => BreakerScope.Id,
        null when policy.Breaker is null => BreakerScope.Type,
        null => throw new SidecarConfigurationException($"{where}: a circuitBreaker needs circuitBreakerScope. Use type, id or both."),
        var other => throw new SidecarConfigurationException($"{where}: circuitBreakerScope '{other}' is unknown. Use type, id or both."),
    };

    static string Where(ResourceDocument document) => $"resiliency '{document.Name}' in {document.File}";
}
