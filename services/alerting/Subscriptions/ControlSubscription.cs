using Forewarn.Alerting.Silences;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting;

static class ControlSubscription
{
    /// <summary>Another replica has taken or ended a silence.</summary>
    public static void MapControlSubscription(this IEndpointRouteBuilder routes)
    {
        var book = routes.ServiceProvider.GetRequiredService<SilenceBook>();
        routes.MapBulkSubscription(Components.Broadcast, Topics.Control, ContractJson.Default.ControlEvent, async (events, cancellationToken) =>
        {
            if (events.Any(control => control.Silences is not null))
                await book.RefreshAsync(cancellationToken);
        }, new BulkOptions(50, 20));
    }
}
