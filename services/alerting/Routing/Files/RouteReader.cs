using Forewarn.Hosting;

namespace Forewarn.Alerting.Routing;

/// <summary>Reads which incidents go to whom.</summary>
static class RouteReader
{
    static readonly TimeSpan Soonest = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Latest = TimeSpan.FromDays(7);

    public static Route Read(YamlMap node, ConfigNames names)
    {
        var route = new Route
        {
            Name = ConfigNames.Own(node),
            Match = MatchReader.Read(node.Map("match")),
            Hours = Hours(node),
            Receivers = names.Receivers(node),
            Continue = node.Flag("continue"),
            Escalation = [.. node.Maps("escalate").Select(step => Step(step, names)).OrderBy(step => step.After)],
            Limit = Limit(node),
        };
        node.RefuseOthers();
        return route;
    }

    static Hours? Hours(YamlMap node)
    {
        var zone = TimeZoneInfo.Utc;
        if (node.Text("zone") is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!))
        {
            node.Mistake("zone", $"'{name}' is no time zone of this machine; write it like Europe/Berlin or UTC");
            zone = TimeZoneInfo.Utc;
        }
        if (node.Has("zone") && !node.Has("hours"))
            node.Mistake("zone", "says nothing without hours");
        if (node.Text("hours") is not { } text)
            return null;
        var hours = HoursText.Parse(text, zone);
        if (hours is null)
            node.Mistake("hours", $"must be days and times such as Mon-Fri 09:00-17:00, Sat,Sun 00:00-24:00 or daily 22:00-06:00, not '{text}'");
        return hours;
    }

    static EscalationStep Step(YamlMap node, ConfigNames names)
    {
        var after = node.Duration("after", Soonest, Latest);
        if (!node.Has("after"))
            node.Mistake("after", "is missing");
        var step = new EscalationStep(after ?? Soonest, names.Receivers(node));
        node.RefuseOthers();
        return step;
    }

    static RateLimit? Limit(YamlMap node)
    {
        if (node.Text("limit") is not { } text)
            return null;
        var limit = RateLimitText.Parse(text);
        if (limit is null)
            node.Mistake("limit", $"must be 1 to {RateLimitText.MostCount} per 1m to 7d, such as '10 per 1h', not '{text}'");
        return limit;
    }
}
