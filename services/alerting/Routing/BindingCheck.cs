namespace Forewarn.Alerting.Routing;

/// <summary>Whether the components that receivers name are there: a message to one that is not never leaves.</summary>
public static class BindingCheck
{
    /// <summary>A line for each that is missing or of another type.</summary>
    /// <param name="components">Type by name, of all that the sidecar has loaded.</param>
    public static IReadOnlyList<string> Warnings(AlertConfig config, IReadOnlyDictionary<string, string> components)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(components);
        return [.. config.Receivers.SelectMany(receiver => receiver.Targets.Select(target => Warning(receiver.Name, target, components))).OfType<string>()];
    }

    static string? Warning(string receiver, Target target, IReadOnlyDictionary<string, string> components)
    {
        var (binding, wanted) = target switch
        {
            EmailTarget email => (email.Binding, "bindings.smtp"),
            SlackTarget slack => (slack.Binding, "bindings.http"),
            WebhookTarget webhook => (webhook.Binding, "bindings.http"),
            AlertmanagerTarget alertmanager => (alertmanager.Binding, "bindings.http"),
            BindingTarget any => (any.Binding, "bindings."),
            _ => ("", ""),
        };
        if (binding.Length == 0)
            return null;
        if (components.TryGetValue(binding, out var type))
        {
            return type.StartsWith(wanted, StringComparison.Ordinal)
                ? null
                : $"receiver '{receiver}' sends by {target.Channel} through '{binding}', which is a {type}; it must be a {wanted.TrimEnd('.')}";
        }
        var there = components.Where(component => component.Value.StartsWith(wanted, StringComparison.Ordinal)).Select(component => component.Key).Order(StringComparer.Ordinal).ToList();
        return $"receiver '{receiver}' sends by {target.Channel} through '{binding}', which the sidecar does not have. "
            + (there.Count == 0 ? $"It has no {wanted.TrimEnd('.')}; add a component to components/ and restart it" : $"It has: {string.Join(", ", there)}");
    }
}
