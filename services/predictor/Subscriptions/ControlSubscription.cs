using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Predictor;

static class ControlSubscription
{
    /// <summary>What alerting shares out of the false-alarm budgets; what predictors report to the trainer goes by.</summary>
    public static void MapControlSubscription(this IEndpointRouteBuilder routes)
    {
        var budgets = routes.ServiceProvider.GetRequiredService<BudgetHolder>();
        routes.MapBulkSubscription(Components.Broadcast, Topics.Control, ContractJson.Default.ControlEvent, (events, _) =>
        {
            foreach (var shares in events.Select(control => control.Budgets).OfType<BudgetShares>())
                budgets.Take(shares);
            return Task.CompletedTask;
        }, new BulkOptions(20, 20));
    }
}
