using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Forewarn.Alerting.Actions;
using Forewarn.Alerting.Routing;

namespace Forewarn.Alerting.Notifications;

/// <summary>
/// With a bot token one message per incident, changed as the incident changes; with an incoming webhook, which cannot change what it
/// sent, a message at the opening, at escalations and at the end.
/// </summary>
sealed class SlackChannel(Bindings bindings, HistoryTrends trends, ActionLinks links, AlertingOptions options) : INotificationChannel
{
    const int TrendPoints = 30;

    /// <summary>Errors of Slack that pass by themselves; all others wait for a person.</summary>
    static readonly string[] Passing = ["ratelimited", "rate_limited", "internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"];

    /// <summary>Somebody has deleted the message, or it may no longer be changed.</summary>
    static readonly string[] Gone = ["message_not_found", "cant_update_message", "edit_window_closed"];

    public string Name => "slack";

    public bool Takes(Target target, NotificationKind kind) => ((SlackTarget)target).Conversation is null
        ? kind is NotificationKind.Opened or NotificationKind.Escalated or NotificationKind.Settled or NotificationKind.Resolved
        : kind != NotificationKind.None;

    public string LaneOf(Target target) => ((SlackTarget)target).Binding;

    public async Task<string?> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var target = (SlackTarget)delivery.Target;
        var notification = delivery.Notification;
        var trend = await trends.FindAsync(notification.Incident, TrendPoints, cancellationToken);
        var message = SlackMessage.Of(
            notification, Explanation.Of(notification, options.PublicUrl), trend, await links.OfAsync(notification, cancellationToken));
        if (target.Conversation is { } conversation)
            return await PostOrChangeAsync(target.Binding, conversation, message, SlackMark.Read(delivery.Mark), cancellationToken);
        await bindings.PostAsync(target.Binding, "", Bytes(message), [], cancellationToken);
        return null;
    }

    async Task<string> PostOrChangeAsync(string binding, string conversation, JsonObject message, SlackMark? mark, CancellationToken cancellationToken)
    {
        if (mark is not null)
        {
            message["channel"] = mark.Channel;
            message["ts"] = mark.Ts;
            var (changed, error) = await CallAsync(binding, "chat.update", message, cancellationToken);
            if (changed is not null)
                return changed.ToString();
            if (!Gone.Contains(error))
                throw Refused("chat.update", error);
            message.Remove("ts");
        }
        message["channel"] = conversation;
        message["unfurl_links"] = false;
        var (posted, refusal) = await CallAsync(binding, "chat.postMessage", message, cancellationToken);
        return posted?.ToString() ?? throw Refused("chat.postMessage", refusal);
    }

    /// <summary>Slack answers 200 to nearly everything; whether it was done stands in the body.</summary>
    async Task<(SlackMark? Mark, string Error)> CallAsync(string binding, string method, JsonObject message, CancellationToken cancellationToken)
    {
        var answer = await bindings.PostAsync(binding, method, Bytes(message), [], cancellationToken);
        try
        {
            using var body = JsonDocument.Parse(answer);
            var root = body.RootElement;
            return root.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True
                ? (new SlackMark(Text(root, "channel"), Text(root, "ts")), "")
                : (null, Text(root, "error"));
        }
        catch (JsonException unreadable)
        {
            throw new DeliveryException(new Refusal($"{method} was not answered by Slack: {unreadable.Message}", IsPermanent: true), unreadable);
        }
    }

    static DeliveryException Refused(string method, string error) =>
        new(new Refusal($"Slack refused {method}: {(error.Length == 0 ? "it gave no reason" : error)}", IsPermanent: !Passing.Contains(error)));

    static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    static byte[] Bytes(JsonObject message) => Encoding.UTF8.GetBytes(message.ToJsonString());
}

/// <summary>Where a message is: what <c>chat.update</c> needs.</summary>
/// <param name="Channel">Id, which differs from a name that was posted to.</param>
/// <param name="Ts">Slack's name for a message.</param>
sealed record SlackMark(string Channel, string Ts)
{
    public static SlackMark? Read(string? mark) => mark?.Split('/') is [var channel, var ts] ? new SlackMark(channel, ts) : null;

    public override string ToString() => $"{Channel}/{Ts}";
}
