using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

static class ControlSubscription
{
    /// <summary>What predictors have seen of champion and challenger.</summary>
    public static void MapControlSubscription(this IEndpointRouteBuilder routes)
    {
        var challenger = routes.ServiceProvider.GetRequiredService<ChallengerJudge>();
        var champion = routes.ServiceProvider.GetRequiredService<ChampionJudge>();
        routes.MapBulkSubscription(Components.Broadcast, Topics.Control, ContractJson.Default.ControlEvent, async (events, cancellationToken) =>
        {
            await challenger.TakeAsync(events, cancellationToken);
            await champion.TakeAsync(events, cancellationToken);
        }, new BulkOptions(50, 50));
    }
}
