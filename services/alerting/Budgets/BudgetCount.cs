using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Budgets;

/// <summary>Who shares which budget: each entity belongs to the first that means it.</summary>
static class BudgetCount
{
    /// <summary>Told by rules that users wrote or by what is plain to see, whatever the budget: they use nothing of it.</summary>
    static readonly IReadOnlyList<DetectionKind> Outside =
        [DetectionKind.Threshold, DetectionKind.External, DetectionKind.Silence, DetectionKind.DataQuality, DetectionKind.PredictedBreach];

    /// <summary>The budgets in their order, each with the names of its entities.</summary>
    public static IReadOnlyList<(Budget Budget, IReadOnlyList<string> Entities)> Split(IReadOnlyList<Budget> budgets, IReadOnlyList<KnownEntity> entities)
    {
        var byBudget = entities.ToLookup(entity => budgets.FirstOrDefault(budget => AlertMatching.MatchesEntity(budget.Match, entity.Name, entity.Labels))?.Name);
        return [.. budgets.Select(budget => (budget, (IReadOnlyList<string>)[.. byBudget[budget.Name].Select(entity => entity.Name)]))];
    }

    /// <summary>What each entity may use; a budget that means every entity holds for those to come, too.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public static BudgetShares SharesOf(IReadOnlyList<(Budget Budget, IReadOnlyList<string> Entities)> split, long now) => new()
    {
        Shares =
        [
            .. from entry in split
               let isOfAll = AlertMatching.MeansEveryEntity(entry.Budget.Match)
               where isOfAll || entry.Entities.Count > 0
               select new BudgetShare(isOfAll ? [] : entry.Entities, PerEntity(entry.Budget, entry.Entities.Count)),
        ],
        At = now,
    };

    /// <summary>How each budget was used.</summary>
    /// <param name="incidents">Of the last week.</param>
    /// <param name="feedback">What people said; the last word of each incident.</param>
    public static IReadOnlyList<BudgetInfo> Used(
        IReadOnlyList<(Budget Budget, IReadOnlyList<string> Entities)> split, IReadOnlyList<IncidentEvent> incidents, IReadOnlyList<FeedbackEvent> feedback)
    {
        var owners = split.SelectMany(entry => entry.Entities.Select(entity => (entity, entry.Budget.Name))).ToDictionary(pair => pair.entity, pair => pair.Name, StringComparer.Ordinal);
        var told = incidents.Where(incident => WasTold(incident) && !Outside.Contains(incident.Kind))
            .ToLookup(incident => owners.GetValueOrDefault(incident.Entity) ?? FirstFor(split, incident));
        var words = feedback.Where(word => word.Incident is not null).GroupBy(word => word.Incident!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.MaxBy(word => word.At)!.Kind, StringComparer.Ordinal);
        return
        [
            .. split.Select(entry => new BudgetInfo
            {
                Name = entry.Budget.Name,
                PerWeek = entry.Budget.PerWeek,
                Match = entry.Budget.Match,
                Entities = entry.Entities.Count,
                PerEntity = PerEntity(entry.Budget, entry.Entities.Count),
                Told = told[entry.Budget.Name].Count(),
                FalseAlarms = told[entry.Budget.Name].Count(incident => words.TryGetValue(incident.Id, out var kind) && kind == FeedbackKind.FalseAlarm),
                Useful = told[entry.Budget.Name].Count(incident => words.TryGetValue(incident.Id, out var kind) && kind == FeedbackKind.Useful),
            }),
        ];
    }

    // Its entity may be gone by now.
    static string? FirstFor(IReadOnlyList<(Budget Budget, IReadOnlyList<string> Entities)> split, IncidentEvent incident) =>
        split.FirstOrDefault(entry => AlertMatching.MatchesEntity(entry.Budget.Match, incident.Entity, incident.Labels)).Budget?.Name;

    static bool WasTold(IncidentEvent incident) =>
        incident.MutedBy is null && (incident.Stamps.Notified > 0 || incident.Deliveries.Any(delivery => delivery.Status == DeliveryStatus.Sent));

    static double PerEntity(Budget budget, int entities) => budget.PerWeek / Math.Max(1, entities);
}
