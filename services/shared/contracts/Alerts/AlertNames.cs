namespace Forewarn.Contracts;

/// <summary>Labels of alerts as Prometheus and Alertmanager know them, once: what we read of others and write to them.</summary>
public static class AlertNames
{
    /// <summary>The rule's name.</summary>
    public const string Label = "alertname";

    public const string Severity = "severity";
    public const string Instance = "instance";

    /// <summary>Of what we send, so that what comes back is known.</summary>
    public const string Source = "source";

    /// <summary>Value of <see cref="Source"/>.</summary>
    public const string Us = "forewarn";
}
