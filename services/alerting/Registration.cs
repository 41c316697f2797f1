using System.Text.Json;
using Dapr.Actors.Client;
using Forewarn.Alerting.Correlation;
using Forewarn.Alerting.Endpoints;
using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Alerting.Subscriptions;
using Forewarn.Hosting;

namespace Forewarn.Alerting;

static class Registration
{
    public static void AddAlerting(this WebApplicationBuilder builder)
    {
        builder.AddOptions<AlertingOptions>();
        builder.Services.AddSingleton<Telemetry>();
        builder.Services.AddSingleton<IncidentPublisher>();
        builder.Services.AddNotifications();
        builder.Services.AddSingleton<IDeliveryReports, DeliveryReports>();
        builder.Services.AddSingleton<IAlertPolicy, AlertPolicy>();
        builder.Services.AddSingleton<IReceivers>(services => services.GetRequiredService<AlertConfigSource>());
        builder.Services.AddSingleton<IncidentDirectory>();
        builder.Services.AddSingleton<EntityCards>();
        builder.Services.AddSingleton<Correlators>();
        builder.Services.AddSingleton<IncidentDesk>();
        builder.Services.AddSingleton<DetectionSubscription>();
        builder.AddRouting();
        builder.AddIncidentActors();
        builder.Services.AddSingleton<ActorReadiness>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ActorReadiness>());
        builder.Services.AddReadiness("actors", services => services.GetRequiredService<ActorReadiness>().NotReadyBecause);
    }

    static void AddIncidentActors(this WebApplicationBuilder builder)
    {
        var environment = SidecarEnvironment.Read(builder.Configuration, Contracts.Apps.Alerting);
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        builder.Services.AddActors(actors =>
        {
            actors.HttpEndpoint = environment.HttpEndpoint.ToString();
            // The SDK takes no null, and without a token there is none.
            if (environment.DaprApiToken is { } token)
                actors.DaprApiToken = token;
            actors.JsonSerializerOptions = json;
            actors.ActorIdleTimeout = TimeSpan.FromMinutes(10);
            actors.Actors.RegisterActor<IncidentActor>(IncidentActor.TypeName);
            actors.Actors.RegisterActor<CorrelatorActor>(CorrelatorActor.TypeName);
            actors.Actors.RegisterActor<NotificationActor>(NotificationActor.TypeName);
            actors.Actors.RegisterActor<RouteLimiter>(RouteLimiter.TypeName);
        });
        builder.Services.AddSingleton<IActorProxyFactory>(_ => new ActorProxyFactory(new ActorProxyOptions
        {
            HttpEndpoint = environment.HttpEndpoint.ToString(),
            DaprApiToken = environment.DaprApiToken,
            JsonSerializerOptions = json,
        }));
    }
}
