using System.Globalization;
using Forewarn.Alerting.Routing;
using Forewarn.Alerting.Silences;
using Forewarn.Contracts;

namespace Forewarn.Alerting.DryRuns;

/// <summary>Tells stored incidents again by a configuration, on their own clock and without sending anything.</summary>
static class DryRun
{
    const int MostExamples = 20;

    /// <param name="incidents">That opened in the time, in any order.</param>
    /// <param name="silences">That are known, ended ones included.</param>
    /// <param name="from">Unix milliseconds.</param>
    /// <param name="to">Unix milliseconds.</param>
    public static DryRunResult Of(AlertConfig config, IEnumerable<IncidentEvent> incidents, IReadOnlyList<SilenceInfo> silences, long from, long to)
    {
        var limits = new Dictionary<string, RouteWindow>(StringComparer.Ordinal);
        // In the order in which they came: limits look back.
        var told = incidents.OrderBy(incident => incident.OpenedAt).ThenBy(incident => incident.Id, StringComparer.Ordinal)
            .Select(incident => Tell(config, incident, silences, limits, to)).ToList();
        return Summed(config, told, from, to);
    }

    static ToldAgain Tell(AlertConfig config, IncidentEvent incident, IReadOnlyList<SilenceInfo> silences, Dictionary<string, RouteWindow> limits, long to)
    {
        if (incident.MutedBy is not null || SilenceBook.MutedBy(silences, incident, incident.OpenedAt) is not null)
            return new ToldAgain(incident, DryRunOutcome.Muted, RoutingPlan.Nobody, []);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(incident.OpenedAt);
        var heldBack = Router.Holding(config, incident, at).Where(route => !Take(route, incident, limits)).Select(route => route.Name).ToList();
        var plan = Router.PlanFor(config, incident, at, heldBack);
        var outcome = plan.Receivers.Count > 0 ? DryRunOutcome.Told : plan.Routes.Count > 0 ? DryRunOutcome.HeldBack : DryRunOutcome.Unrouted;
        return new ToldAgain(incident, outcome, plan, [.. plan.Escalation.Where(step => IsReached(step, incident, to)).SelectMany(step => step.Receivers)]);
    }

    static bool Take(Routing.Route route, IncidentEvent incident, Dictionary<string, RouteWindow> limits)
    {
        if (route.Limit is null)
            return true;
        var asking = new HeldIncident(incident.Id, incident.Entity, incident.Severity, incident.Summary);
        var (after, isTold) = limits.GetValueOrDefault(route.Name, new RouteWindow()).Take(asking, route.Limit, incident.OpenedAt);
        limits[route.Name] = after;
        return isTold;
    }

    /// <summary>Nobody had acknowledged by then, and it had not ended.</summary>
    static bool IsReached(EscalationStep step, IncidentEvent incident, long to)
    {
        var due = incident.OpenedAt + (long)step.After.TotalMilliseconds;
        var end = incident.Status == IncidentStatus.Resolved ? incident.ResolvedAt ?? incident.UpdatedAt : to;
        return due < end && due < (incident.AcknowledgedAt ?? long.MaxValue);
    }

    static DryRunResult Summed(AlertConfig config, List<ToldAgain> all, long from, long to)
    {
        var receivers = config.Receivers.Select(receiver => new DryRunReceiver(
            receiver.Name,
            all.Count(one => one.Plan.Receivers.Contains(receiver.Name, StringComparer.Ordinal)),
            all.Count(one => one.Escalated.Contains(receiver.Name, StringComparer.Ordinal)))).ToList();
        return new DryRunResult
        {
            From = from,
            To = to,
            Summary = Sentence(receivers),
            Incidents = all.Count,
            Told = all.Count(one => one.Outcome == DryRunOutcome.Told),
            Muted = all.Count(one => one.Outcome == DryRunOutcome.Muted),
            HeldBack = all.Count(one => one.Outcome == DryRunOutcome.HeldBack),
            Unrouted = all.Count(one => one.Outcome == DryRunOutcome.Unrouted),
            Notifications = receivers.Sum(receiver => receiver.Notifications),
            Escalations = receivers.Sum(receiver => receiver.Escalations),
            Routes =
            [
                .. config.Routes.Select(route => new DryRunRoute(
                    route.Name,
                    all.Count(one => one.Plan.Routes.Contains(route.Name, StringComparer.Ordinal)),
                    all.Count(one => one.Plan.HeldBack.Contains(route.Name, StringComparer.Ordinal)))),
            ],
            Receivers = receivers,
            Examples =
            [
                .. Enumerable.Reverse(all).Take(MostExamples).Select(one => new DryRunIncident(
                    one.Incident.Id, one.Incident.Entity, one.Incident.Severity, one.Incident.Summary, one.Incident.OpenedAt, one.Outcome, one.Plan.Receivers)),
            ],
        };
    }

    static string Sentence(List<DryRunReceiver> receivers)
    {
        var told = receivers.Select(receiver => (receiver.Name, Count: receiver.Notifications + receiver.Escalations)).Where(receiver => receiver.Count > 0).ToList();
        return told.Count == 0
            ? "would have sent nothing"
            : string.Create(CultureInfo.InvariantCulture, $"would have sent {told.Sum(receiver => receiver.Count)}: {string.Join(", ", told.Select(receiver => $"{receiver.Count.ToString(CultureInfo.InvariantCulture)} to {receiver.Name}"))}");
    }

    /// <summary>What would have become of one incident.</summary>
    sealed record ToldAgain(IncidentEvent Incident, DryRunOutcome Outcome, RoutingPlan Plan, IReadOnlyList<string> Escalated);
}
