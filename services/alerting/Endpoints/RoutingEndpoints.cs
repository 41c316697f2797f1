using Forewarn.Alerting.DryRuns;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Alerting.Silences;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Alerting;

static class RoutingEndpoints
{
    const long DayMs = 86_400_000L;
    const int StandardDays = 7;
    const int MostDays = 400;

    /// <summary><c>/v1/config</c>, <c>/v1/alerts/test</c>, <c>/v1/alerts/dry-run</c>: who is told, and whether that works.</summary>
    public static void MapRouting(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/config", Config).WithTags("Routing").WithSummary("The routing that holds, and what is wrong with its file");
        var alerts = routes.MapGroup("/v1/alerts").WithTags("Routing");
        alerts.MapPost("test", TestAsync).WithSummary("Sends a test notification to the receivers of a route, or to one receiver");
        alerts.MapGet("tests/{id}", FindTestAsync).WithSummary("What became of a test notification");
        alerts.MapPost("dry-run", DryRunAsync).WithSummary("What a configuration would have sent for stored incidents");
    }

    static Ok<AlertConfigInfo> Config(AlertConfigSource config, BindingWatch bindings) =>
        TypedResults.Ok(AlertConfigInfos.Of(config.Current, config.Mistakes, bindings.Warnings));

    static async Task<Results<Accepted<AlertTest>, ValidationProblem, ProblemHttpResult>> TestAsync(
        AlertConfigSource config, TestAlerts tests, CancellationToken cancellationToken, string? route = null, string? receiver = null)
    {
        if (route is null == receiver is null)
            return Bad("route", "Name a route or a receiver, and not both: ?route=ops or ?receiver=boss.");
        var current = config.Current.Config;
        var receivers = route is not null ? current.FindRoute(route)?.Receivers : current.FindReceiver(receiver!) is not null ? [receiver!] : null;
        if (receivers is null)
        {
            var (kind, name, known) = route is not null
                ? ("route", route, current.Routes.Select(one => one.Name)) : ("receiver", receiver!, current.Receivers.Select(one => one.Name));
            return TypedResults.Problem($"There is no {kind} '{name}'. There are: {string.Join(", ", known)}.", title: $"Unknown {kind}", statusCode: StatusCodes.Status404NotFound);
        }
        var test = await tests.SendAsync(route is not null ? $"route {route}" : $"receiver {receiver}", receivers, cancellationToken);
        return TypedResults.Accepted($"/v1/alerts/tests/{test.Incident}", test);
    }

    static async Task<Results<Ok<AlertTest>, ProblemHttpResult>> FindTestAsync(string id, TestReports reports, CancellationToken cancellationToken) =>
        await reports.FindAsync(id, cancellationToken) is { } test
            ? TypedResults.Ok(test)
            : TypedResults.Problem($"There was no test '{id}' in the last day; POST /v1/alerts/test makes one.", title: "Unknown test", statusCode: StatusCodes.Status404NotFound);

    static async Task<Results<Ok<DryRunResult>, ValidationProblem>> DryRunAsync(
        DryRunRequest request, AlertConfigSource current, PastIncidents history, SilenceBook silences, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var to = request.To ?? now;
        var from = request.From ?? to - (StandardDays * DayMs);
        if (from < 0 || to > now + DayMs)
            return Bad(from < 0 ? "from" : "to", "must be unix milliseconds up to now.");
        if (to <= from || to - from > MostDays * DayMs)
            return Bad("to", $"must be later than from, by {MostDays} days at most.");
        AlertConfig config;
        try
        {
            config = request.Config is { } text ? AlertConfigFile.Parse(text, "config") : current.Current.Config;
        }
        catch (AlertConfigException wrong)
        {
            return TypedResults.ValidationProblem(
                new Dictionary<string, string[]>(StringComparer.Ordinal) { ["config"] = [.. wrong.Mistakes] }, detail: wrong.Message, title: "The configuration cannot be used");
        }
        return TypedResults.Ok(DryRun.Of(config, await history.OpenedAsync(from, to, cancellationToken), silences.All, from, to));
    }

    static ValidationProblem Bad(string name, string message) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [message] });
}
