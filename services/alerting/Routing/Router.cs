using Forewarn.Contracts;

namespace Forewarn.Alerting.Routing;

/// <summary>Who is told of an incident, by the configuration alone.</summary>
public static class Router
{
    public static RoutingPlan PlanFor(AlertConfig config, IncidentEvent incident, DateTimeOffset now) => PlanFor(config, incident, now, []);

    /// <summary>As above; the routes that are held back by their limit tell nobody, now or later.</summary>
    /// <param name="heldBack">Names of routes.</param>
    public static RoutingPlan PlanFor(AlertConfig config, IncidentEvent incident, DateTimeOffset now, IReadOnlyCollection<string> heldBack)
    {
        var holding = Holding(config, incident, now).ToList();
        if (holding.Count == 0)
            return RoutingPlan.Nobody;
        var telling = holding.Where(route => !heldBack.Contains(route.Name, StringComparer.Ordinal)).ToList();
        var receivers = telling.SelectMany(route => route.Receivers).Distinct(StringComparer.Ordinal).ToList();
        return new RoutingPlan([.. holding.Select(route => route.Name)], receivers, Ladder(telling, receivers))
        {
            HeldBack = [.. holding.Select(route => route.Name).Where(name => heldBack.Contains(name, StringComparer.Ordinal))],
        };
    }

    /// <summary>The routes that hold, in the order of the file, up to the first that does not let others be looked at.</summary>
    public static IEnumerable<Route> Holding(AlertConfig config, IncidentEvent incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(config);
        foreach (var route in config.Routes)
        {
            if (!AlertMatching.Matches(route.Match, incident) || route.Hours is { } hours && !hours.Include(now))
                continue;
            yield return route;
            if (!route.Continue)
                yield break;
        }
    }

    /// <summary>The steps of all routes by time; nobody is told twice.</summary>
    static List<EscalationStep> Ladder(List<Route> routes, List<string> told)
    {
        var known = told.ToHashSet(StringComparer.Ordinal);
        var steps = new List<EscalationStep>();
        foreach (var step in routes.SelectMany(route => route.Escalation).GroupBy(step => step.After).OrderBy(group => group.Key))
        {
            var receivers = step.SelectMany(part => part.Receivers).Where(known.Add).ToList();
            if (receivers.Count > 0)
                steps.Add(new EscalationStep(step.Key, receivers));
        }
        return steps;
    }
}
