namespace Forewarn.Ingestion;

/// <summary>Which entity a sample with these tags belongs to: the first of <see cref="Order"/> that it carries, which then is no label.</summary>
static class EntityTag
{
    /// <summary>From the most telling to the least.</summary>
    public static IReadOnlyList<string> Order { get; } = ["entity", "host", "hostname", "server", "instance", "service"];

    /// <summary>In Prometheus <c>instance</c> names who was asked; <c>host</c>, <c>server</c> or <c>service</c> often what the answer is about.</summary>
    public static IReadOnlyList<string> PrometheusOrder { get; } = ["entity", "instance", .. Order.Except(["entity", "instance"])];

    /// <summary>The entity of what has labels of Prometheus, the same whatever door they come through.</summary>
    /// <param name="labels">All of them, without empty ones.</param>
    /// <param name="order">Another than <see cref="PrometheusOrder"/>.</param>
    /// <returns>As it is called there, and the place of the label that says so; -1 where none does and it is the job's.</returns>
    public static (string Entity, int At) OfPrometheus(List<KeyValuePair<string, string>> labels, IReadOnlyList<string>? order = null)
    {
        var at = In(labels, order ?? PrometheusOrder);
        if (at >= 0)
            return (labels[at].Value, at);
        var job = labels.Find(label => label.Key == PromNames.Job).Value;
        return (string.IsNullOrEmpty(job) ? "prometheus" : $"prometheus/{job}", at);
    }

    /// <summary>Place of the tag in a list of them; -1 when there is none.</summary>
    /// <param name="tags">All of a sample.</param>
    /// <param name="order">Another than <see cref="Order"/>.</param>
    public static int In(List<KeyValuePair<string, string>> tags, IReadOnlyList<string>? order = null)
    {
        foreach (var name in order ?? Order)
        {
            var at = tags.FindIndex(tag => tag.Key == name);
            if (at >= 0)
                return at;
        }
        return -1;
    }
}
