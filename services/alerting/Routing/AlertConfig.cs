using Forewarn.Contracts;

namespace Forewarn.Alerting.Routing;

/// <summary>Who is told what, how and when: the content of the configuration file.</summary>
public sealed record AlertConfig
{
    public required IReadOnlyList<Receiver> Receivers { get; init; }

    /// <summary>In the order of the file: the first that matches holds, and those after it only where it says so.</summary>
    public required IReadOnlyList<Route> Routes { get; init; }

    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    /// <summary>What holds where no file is configured: everything goes to the console.</summary>
    public static AlertConfig Standard { get; } = new()
    {
        Receivers = [new Receiver("console", [new ConsoleTarget()])],
        Routes = [new Route { Name = "everything", Receivers = ["console"] }],
    };

    public Receiver? FindReceiver(string name) => Receivers.FirstOrDefault(receiver => receiver.Name == name);

    public Route? FindRoute(string name) => Routes.FirstOrDefault(route => route.Name == name);
}

/// <summary>Somebody who is told, by one or several channels; at most one of each sort.</summary>
public sealed record Receiver(string Name, IReadOnlyList<Target> Targets)
{
    public Target? Find(string channel) => Targets.FirstOrDefault(target => target.Channel == channel);
}

/// <summary>A channel and how it reaches this receiver.</summary>
public abstract record Target
{
    /// <summary>As <see cref="DeliveryState.Channel"/>.</summary>
    public abstract string Channel { get; }
}

/// <summary>Standard output of this service.</summary>
public sealed record ConsoleTarget : Target
{
    public override string Channel => "console";
}

/// <param name="Binding">Name of a <c>bindings.smtp</c> component.</param>
/// <param name="From">Address.</param>
/// <param name="To">Addresses.</param>
/// <param name="Cc">Addresses.</param>
public sealed record EmailTarget(string Binding, string From, IReadOnlyList<string> To, IReadOnlyList<string> Cc) : Target
{
    public override string Channel => "email";
}

/// <param name="Binding">Name of a <c>bindings.http</c> component: Slack's API, or an incoming webhook.</param>
/// <param name="Conversation">Id of a Slack conversation, with a bot token: one message per incident is kept current. Null = an incoming webhook: a message at the opening, one at the end.</param>
public sealed record SlackTarget(string Binding, string? Conversation) : Target
{
    public override string Channel => "slack";
}

/// <param name="Binding">Name of a <c>bindings.http</c> component.</param>
/// <param name="Path">Appended to the component's URL.</param>
/// <param name="SecretVariable">Name of the environment variable that holds the key of the signature; null = not signed.</param>
public sealed record WebhookTarget(string Binding, string Path, string? SecretVariable) : Target
{
    public override string Channel => "webhook";

    /// <summary>Of the body.</summary>
    public WebhookFormat Format { get; init; }
}

/// <summary>What a webhook gets.</summary>
public enum WebhookFormat
{
    /// <summary>Ours: docs/notifications.md.</summary>
    Forewarn,

    /// <summary>That of Alertmanager's webhooks, version 4.</summary>
    Alertmanager,
}

/// <summary>An Alertmanager, which is told of an incident for as long as it is open.</summary>
/// <param name="Binding">Name of a <c>bindings.http</c> component with Alertmanager's address.</param>
public sealed record AlertmanagerTarget(string Binding) : Target
{
    public override string Channel => "alertmanager";
}

/// <summary>Any output binding of Dapr: the notification as JSON.</summary>
/// <param name="Binding">Name of the component.</param>
/// <param name="Operation">Of the binding; mostly <c>create</c>.</param>
/// <param name="Metadata">Sent with every call.</param>
public sealed record BindingTarget(string Binding, string Operation, IReadOnlyDictionary<string, string> Metadata) : Target
{
    public override string Channel => "binding";
}

/// <summary>Which incidents go to whom.</summary>
public sealed record Route
{
    public required string Name { get; init; }
    public AlertMatch Match { get; init; } = new();

    /// <summary>When it holds; null = always.</summary>
    public Hours? Hours { get; init; }

    /// <summary>Names of receivers that are told at once.</summary>
    public required IReadOnlyList<string> Receivers { get; init; }

    /// <summary>The routes after it are looked at, too.</summary>
    public bool Continue { get; init; }

    /// <summary>Who is told when nobody has acknowledged.</summary>
    public IReadOnlyList<EscalationStep> Escalation { get; init; } = [];

    /// <summary>How many incidents it tells of; null = all.</summary>
    public RateLimit? Limit { get; init; }
}

/// <param name="After">Since the opening.</param>
/// <param name="Receivers">Names.</param>
public sealed record EscalationStep(TimeSpan After, IReadOnlyList<string> Receivers);

/// <param name="Count">Incidents.</param>
/// <param name="Per">In any time of this length.</param>
public sealed record RateLimit(int Count, TimeSpan Per);

/// <summary>Times of the week.</summary>
/// <param name="Days">Weekdays on which it begins.</param>
/// <param name="From">Local time, inclusive.</param>
/// <param name="To">Local time, exclusive; before or at <paramref name="From"/> = on the next day.</param>
/// <param name="Zone">Time zone.</param>
public sealed record Hours(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To, TimeZoneInfo Zone)
{
    /// <summary>It is within them at an instant, by the clock of their zone.</summary>
    public bool Include(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, Zone);
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (To > From)
            return time >= From && time < To && Days.Contains(local.DayOfWeek);
        return (time >= From && Days.Contains(local.DayOfWeek))
            || (time < To && Days.Contains(local.AddDays(-1).DayOfWeek));
    }
}

/// <summary>Notifications a week that are accepted on normal behaviour.</summary>
public sealed record Budget(string Name, double PerWeek, AlertMatch Match);
