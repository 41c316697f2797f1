using System.Globalization;
using DevSidecar.Components;
using DevSidecar.DurableLog;
using YamlDotNet.RepresentationModel;

namespace DevSidecar.Resiliency;

/// <summary>The named policies of all Resiliency documents an app sees; a later document replaces what an earlier one named.</summary>
sealed class PolicyDefinitions
{
    /// <summary>Overrides of built-in policies retry at least so often.</summary>
    const int LeastBuiltInRetries = 3;

    static readonly TimeSpan DefaultBreakerTimeout = TimeSpan.FromSeconds(60);

    public Dictionary<string, TimeSpan> Timeouts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, RetryRule> Retries { get; } = BuiltIn.Retries();

    public Dictionary<string, BreakerRule> Breakers { get; } = new(StringComparer.Ordinal);

    public void Read(YamlNode? policies, string where)
    {
        policies.AllowOnly(where + ": policies", "timeouts", "retries", "circuitBreakers");
        foreach (var (name, node) in policies.Get("timeouts").Members())
        {
            Timeouts[name] = Duration((node as YamlScalarNode)?.Value ?? "", $"{where}: timeout '{name}'");
        }

        foreach (var (name, node) in policies.Get("retries").Members().Where(r => r.Name != BuiltIn.ActorNotFoundRetries))
        {
            var retry = Retry(node, $"{where}: retry '{name}'");
            Retries[name] = BuiltIn.IsBuiltIn(name) && retry.BackOff.MaxRetries < LeastBuiltInRetries
                ? retry with { BackOff = retry.BackOff with { MaxRetries = LeastBuiltInRetries } }
                : retry;
        }

        foreach (var (name, node) in policies.Get("circuitBreakers").Members())
        {
            Breakers[name] = Breaker(name, node, $"{where}: circuitBreaker '{name}'");
        }
    }

    static RetryRule Retry(YamlNode node, string where)
    {
        node.AllowOnly(where, "policy", "duration", "maxInterval", "maxRetries", "matching");
        var exponential = (node.Text("policy") ?? "constant") switch
        {
            "constant" => false,
            "exponential" => true,
            var other => throw new SidecarConfigurationException($"{where}: policy '{other}' is unknown. Use constant or exponential."),
        };
        var interval = node.Text("duration") is { } duration ? Duration(duration, where) : TimeSpan.FromSeconds(5);
        var longest = node.Text("maxInterval") is { } max ? Duration(max, where) : TimeSpan.FromSeconds(60);
        var retries = (int)Number(node, "maxRetries", -1, where);
        var backOff = exponential
            ? new BackOff(true, BuiltIn.FirstExponentialInterval, longest, retries, Randomization: 0.5)
            : new BackOff(false, interval, longest, retries);
        var matching = node.Get("matching");
        matching.AllowOnly(where + ": matching", "httpStatusCodes", "gRPCStatusCodes");
        // Checked, so that a file that is good here is good for daprd; but apps and components here answer with no such codes.
        _ = Statuses(matching.Text("gRPCStatusCodes"), 0, 16, where);
        return new(backOff, Statuses(matching.Text("httpStatusCodes"), 100, 599, where));
    }

    static BreakerRule Breaker(string name, YamlNode node, string where)
    {
        node.AllowOnly(where, "maxRequests", "interval", "timeout", "trip");
        var timeout = node.Text("timeout") is { } text ? Duration(text, where) : TimeSpan.Zero;
        try
        {
            return new(
                name,
                Math.Max(1, Number(node, "maxRequests", 1, where)),
                node.Text("interval") is { } interval ? Duration(interval, where) : TimeSpan.Zero,
                timeout > TimeSpan.Zero ? timeout : DefaultBreakerTimeout,
                TripExpression.Parse(node.Text("trip") is { Length: > 0 } trip ? trip : "consecutiveFailures > 5"));
        }
        catch (FormatException e)
        {
            throw new SidecarConfigurationException($"{where}: trip: {e.Message}.", e);
        }
    }

    static StatusRanges? Statuses(string? text, int lowest, int highest, string where)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? null : StatusRanges.Parse(text, lowest, highest);
        }
        catch (FormatException e)
        {
            throw new SidecarConfigurationException($"{where}: matching: {e.Message}.", e);
        }
    }

    static long Number(YamlNode node, string name, long fallback, string where) => node.Text(name) is not { } text
        ? fallback
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SidecarConfigurationException($"{where}: {name} '{text}' is not a whole number.");

    /// <summary>A bare number means milliseconds, as daprd reads it.</summary>
    static TimeSpan Duration(string text, string where) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        ? TimeSpan.FromMilliseconds(milliseconds)
        : GoDuration.Parse(text, where);
}
