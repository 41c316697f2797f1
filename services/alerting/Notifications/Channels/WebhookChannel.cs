using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Forewarn.Alerting.Actions;
using Forewarn.Alerting.Routing;

namespace Forewarn.Alerting.Notifications;

/// <summary>JSON to whoever takes it, signed so that the other side can tell it from anybody else's.</summary>
sealed class WebhookChannel(Bindings bindings, ActionLinks links, AlertingOptions options, IConfiguration configuration, TimeProvider time) : INotificationChannel
{
    public string Name => "webhook";

    public bool Takes(Target target, NotificationKind kind) => kind is not (NotificationKind.None or NotificationKind.Updated);

    public string LaneOf(Target target) => ((WebhookTarget)target).Binding;

    public async Task<string?> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var target = (WebhookTarget)delivery.Target;
        var (body, mark) = target.Format == WebhookFormat.Alertmanager
            ? AlertmanagerWebhook.Of(delivery.Notification, delivery.Mark, options.PublicUrl)
            : (NotificationJson.Of(delivery.Notification, await links.OfAsync(delivery.Notification, cancellationToken), options.PublicUrl), null);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["X-Forewarn-Notification"] = delivery.Notification.Id,
            ["X-Forewarn-Timestamp"] = timestamp,
        };
        if (target.SecretVariable is { } variable)
            headers["X-Forewarn-Signature"] = Sign(SecretOf(variable), timestamp, body);
        await bindings.PostAsync(target.Binding, target.Path, body, headers, cancellationToken);
        return mark;
    }

    /// <summary><c>sha256=</c> and the HMAC of <c>timestamp.body</c> in hexadecimal: with the time inside, an old message cannot be sent again as a new one.</summary>
    public static string Sign(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes($"{timestamp}."));
        hash.AppendData(body);
        return $"sha256={Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    /// <summary>Configuration reads two underscores in a variable's name as a colon.</summary>
    string SecretOf(string variable) => configuration[variable.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } secret
        ? secret
        : throw new DeliveryException(new Refusal(
            $"the environment variable {variable}, which holds the key of the signature, is not set for alerting; set it and restart alerting", IsPermanent: true));
}
