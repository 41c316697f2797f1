using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

static class ControlSubscription
{
    /// <summary>What predictors have seen of challengers.</summary>
    public static void MapControlSubscription(this IEndpointRouteBuilder routes)
    {
        var judge = routes.ServiceProvider.GetRequiredService<ChallengerJudge>();
        routes.MapBulkSubscription(Components.Broadcast, Topics.Control, ContractJson.Default.ControlEvent, judge.TakeAsync, new BulkOptions(50, 50));
    }
}
