using Dapr.Client;
using Forewarn.Alerting.Actions;
using Forewarn.Alerting.Routing;

namespace Forewarn.Alerting.Notifications;

/// <summary>The notification as JSON to any output binding that Dapr has.</summary>
sealed class BindingChannel(Bindings bindings, ActionLinks links, AlertingOptions options) : INotificationChannel
{
    public string Name => "binding";

    public bool Takes(Target target, NotificationKind kind) => kind is not (NotificationKind.None or NotificationKind.Updated);

    public string LaneOf(Target target) => ((BindingTarget)target).Binding;

    public async Task<string?> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var target = (BindingTarget)delivery.Target;
        var request = new BindingRequest(target.Binding, target.Operation)
        {
            Data = NotificationJson.Of(delivery.Notification, await links.OfAsync(delivery.Notification, cancellationToken), options.PublicUrl),
        };
        foreach (var (name, value) in target.Metadata)
            request.Metadata[name] = value;
        await bindings.InvokeAsync(request, cancellationToken);
        return null;
    }
}
