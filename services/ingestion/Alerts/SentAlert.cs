namespace Forewarn.Ingestion;

/// <summary>An alert as another system tells it.</summary>
/// <param name="Labels">By name, in ordinal order, none empty; at least one.</param>
/// <param name="Annotations">By name.</param>
/// <param name="StartsAt">Unix milliseconds; null = not said.</param>
/// <param name="EndsAt">Unix milliseconds; null = not said, or still open.</param>
/// <param name="IsFiring">As its sender says; null = it lets <paramref name="EndsAt"/> say it.</param>
/// <param name="GeneratorUrl">Where its sender shows what it is about; null = not said.</param>
sealed record SentAlert(
    IReadOnlyList<KeyValuePair<string, string>> Labels, IReadOnlyDictionary<string, string> Annotations, long? StartsAt, long? EndsAt, bool? IsFiring, string? GeneratorUrl = null)
{
    /// <summary>Value of a label; null without it.</summary>
    public string? Label(string name) => Labels.FirstOrDefault(label => label.Key == name).Value;
}

/// <summary>How a request holds its alerts.</summary>
enum AlertForm
{
    /// <summary>An array, as Prometheus posts it to every Alertmanager.</summary>
    Api,

    /// <summary>The member <c>alerts</c> of an object, as Alertmanager's webhooks have it.</summary>
    Webhook,
}
