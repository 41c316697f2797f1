using Forewarn.Contracts;

namespace Forewarn.Gateway.Exposition;

/// <summary>A scrape that cannot be answered: the parameter at fault and why.</summary>
sealed class BadScrapeException(string parameter, string reason) : Exception(reason)
{
    public string Field => parameter;
}

/// <summary>What of everything is asked for.</summary>
/// <param name="Entities">Names, * for any characters; one of them must fit. Empty: all.</param>
/// <param name="Metrics">The same for names of metrics.</param>
/// <param name="WithMetrics">Not only entities and incidents, but every metric of the entities.</param>
sealed record ExpositionRequest(IReadOnlyList<string> Entities, IReadOnlyList<string> Metrics, bool WithMetrics)
{
    public bool HasEntity(string entity) => Fits(Entities, entity);

    public bool HasMetric(string name) => Fits(Metrics, name);

    /// <exception cref="BadScrapeException">A parameter cannot be used.</exception>
    public static ExpositionRequest Parse(IEnumerable<KeyValuePair<string, string?>> query)
    {
        var (entities, metrics, levels) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var (name, value) in query)
        {
            var values = name switch
            {
                "entity" => entities,
                "metric" => metrics,
                "level" => levels,
                _ => throw new BadScrapeException(name, "/metrics has no such parameter; it has entity, metric and level."),
            };
            if (string.IsNullOrEmpty(value))
                throw new BadScrapeException(name, $"{name} is empty; leave it out, or say for example {Example(name)}.");
            values.Add(value);
        }
        if (levels.Count > 1)
            throw new BadScrapeException("level", "level stands more than once.");
        if (levels is [not ("entity" or "metric")])
            throw new BadScrapeException("level", "level must be entity or metric; metric, the default, has both.");
        if (levels is ["entity"] && metrics.Count > 0)
            throw new BadScrapeException("metric", "metric says which metrics are wanted, and level=entity wants none; leave one of them out.");
        return new ExpositionRequest(entities, metrics, levels is not ["entity"]);
    }

    static bool Fits(IReadOnlyList<string> patterns, string text) => patterns.Count == 0 || patterns.Any(pattern => NamePattern.Matches(pattern, text));

    static string Example(string name) => name switch
    {
        "entity" => "entity=web-*",
        "metric" => "metric=system.cpu.*",
        _ => "level=entity",
    };
}
