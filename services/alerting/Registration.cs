using System.Text.Json;
using Dapr.Actors.Client;
using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Notifications;
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
        builder.Services.AddSingleton<IncidentDirectory>();
        builder.Services.AddSingleton<DetectionSubscription>();
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
            // It may not be null here, unlike in the proxies' options.
            if (environment.DaprApiToken is { } token)
                actors.DaprApiToken = token;
            actors.JsonSerializerOptions = json;
            actors.ActorIdleTimeout = TimeSpan.FromMinutes(10);
            actors.Actors.RegisterActor<IncidentActor>(IncidentActor.TypeName);
            actors.Actors.RegisterActor<NotificationActor>(NotificationActor.TypeName);
        });
        builder.Services.AddSingleton<IActorProxyFactory>(_ => new ActorProxyFactory(new ActorProxyOptions
        {
            HttpEndpoint = environment.HttpEndpoint.ToString(),
            DaprApiToken = environment.DaprApiToken,
            JsonSerializerOptions = json,
        }));
    }
}
