using Forewarn.Alerting.Actions;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Notifications;

static class NotificationRegistration
{
    /// <summary>Outbox, channels and links.</summary>
    public static void AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<INotificationChannel>(provider => new ConsoleChannel(Console.Out, provider.GetRequiredService<AlertingOptions>()));
        services.AddSingleton<INotificationChannel, EmailChannel>();
        services.AddSingleton<INotificationChannel, SlackChannel>();
        services.AddSingleton<INotificationChannel, WebhookChannel>();
        services.AddSingleton<INotificationChannel, AlertmanagerChannel>();
        services.AddSingleton<INotificationChannel, BindingChannel>();
        services.AddSingleton<INotificationChannel, Rehearsal>();
        services.AddSingleton<ChannelCatalog>();
        services.AddSingleton<Bindings>();
        services.AddSingleton<HistoryTrends>();

        services.AddSingleton(provider => HolderOf(provider.GetRequiredService<SidecarEnvironment>()));
        services.AddSingleton<NotificationDirectory>();
        services.AddSingleton<DeliveryWorker>();
        services.AddSingleton<DeliveryPump>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryPump>());
        services.AddSingleton<INotificationOutbox, NotificationOutbox>();

        services.AddSingleton<SigningKey>();
        services.AddSingleton<ActionLinks>();
        services.AddSingleton<ActionDesk>();
    }

    /// <summary>On a free port nobody knows who was here before, so no lease is taken over before it ends.</summary>
    static LeaseHolder HolderOf(SidecarEnvironment sidecar) => new(
        sidecar.AppPort == 0 ? sidecar.Producer : FormattableString.Invariant($"{Environment.MachineName}:{sidecar.AppPort}"), sidecar.Producer);
}
