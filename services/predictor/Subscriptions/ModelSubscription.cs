using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Predictor;

static class ModelSubscription
{
    /// <summary>Every replica hears of a new champion or challenger; what it is, the trainer is asked.</summary>
    public static void MapModelSubscription(this IEndpointRouteBuilder routes)
    {
        var models = routes.ServiceProvider.GetRequiredService<ModelHolder>();
        var challengers = routes.ServiceProvider.GetRequiredService<ChallengerHolder>();
        var groups = routes.ServiceProvider.GetRequiredService<GroupModels>();
        routes.MapBulkSubscription(Components.Broadcast, Topics.Models, ContractJson.Default.ModelEvent, (_, _) =>
        {
            models.Announce();
            challengers.Announce();
            groups.Announce();
            return Task.CompletedTask;
        }, new BulkOptions(20, 20));
    }
}
