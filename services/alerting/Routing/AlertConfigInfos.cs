using Forewarn.Contracts;

namespace Forewarn.Alerting.Routing;

/// <summary>The configuration for people: names and rules without addresses.</summary>
static class AlertConfigInfos
{
    public static AlertConfigInfo Of(LoadedConfig loaded, IReadOnlyList<string> mistakes, IReadOnlyList<string> warnings) => new()
    {
        File = loaded.File,
        LoadedAt = loaded.LoadedAt,
        Mistakes = mistakes,
        Warnings = warnings,
        Receivers = [.. loaded.Config.Receivers.Select(receiver => new ReceiverInfo(receiver.Name, [.. receiver.Targets.Select(target => target.Channel)]))],
        Routes = [.. loaded.Config.Routes.Select(Of)],
        Budgets = [.. loaded.Config.Budgets.Select(budget => new BudgetRule(budget.Name, budget.PerWeek, budget.Match))],
    };

    static RouteInfo Of(Route route) => new()
    {
        Name = route.Name,
        Match = route.Match,
        Hours = route.Hours is { } hours ? HoursText.Format(hours) : null,
        Receivers = route.Receivers,
        Continue = route.Continue,
        Escalation = [.. route.Escalation.Select(step => new EscalationInfo(step.After.TotalSeconds, step.Receivers))],
        Limit = route.Limit is { } limit ? RateLimitText.Format(limit) : null,
    };
}
