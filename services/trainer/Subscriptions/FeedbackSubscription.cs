using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

static class FeedbackSubscription
{
    /// <summary>What people say of decisions.</summary>
    public static void MapFeedbackSubscription(this IEndpointRouteBuilder routes)
    {
        var feedback = routes.ServiceProvider.GetRequiredService<FeedbackStore>();
        routes.MapBulkSubscription(Components.Alerts, Topics.Feedback, ContractJson.Default.FeedbackEvent, feedback.TakeAsync, new BulkOptions(50, 50));
    }
}
