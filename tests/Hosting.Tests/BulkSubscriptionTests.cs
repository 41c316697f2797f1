using Dapr.AspNetCore;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forewarn.Hosting.Tests;

public sealed class BulkSubscriptionTests
{
    /// <summary>Zeros would leave the choice to the broker's component, which waits ten seconds.</summary>
    [Fact]
    public async Task A_subscription_that_says_nothing_waits_fifty_milliseconds_at_most()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(new DeadLetters(null!, null!, TimeProvider.System, NullLogger<DeadLetters>.Instance));
        await using var app = builder.Build();
        app.MapBulkSubscription(Components.Alerts, Topics.Incidents, ContractJson.Default.IncidentEvent, (_, _) => Task.CompletedTask);
        var bulk = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).Select(e => e.Metadata.GetMetadata<IBulkSubscribeMetadata>()).OfType<IBulkSubscribeMetadata>().Single();
        (bulk.MaxMessagesCount, bulk.MaxAwaitDurationMs).ShouldBe((200, 50));
    }
}
