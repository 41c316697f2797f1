using Forewarn.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Ingestion;

/// <summary>Where Prometheus and Alertmanager send alerts, on the public listener.</summary>
static class AlertEndpoints
{
    public static IEndpointRouteBuilder MapAlerts(this IEndpointRouteBuilder routes)
    {
        var listener = routes.ServiceProvider.GetRequiredService<PublicListener>();
        routes.MapPost("/api/v2/alerts", (HttpContext context, AlertDoor door, Telemetry telemetry, ILogger<AlertDoor> logger) =>
            PostAsync(context, AlertForm.Api, door, telemetry, logger)).OnlyOn(listener);
        routes.MapPost("/api/alertmanager", (HttpContext context, AlertDoor door, Telemetry telemetry, ILogger<AlertDoor> logger) =>
            PostAsync(context, AlertForm.Webhook, door, telemetry, logger)).OnlyOn(listener);
        return routes;
    }

    static async Task<Results<Ok<AcceptedAlerts>, ProblemHttpResult>> PostAsync(
        HttpContext context, AlertForm form, AlertDoor door, Telemetry telemetry, ILogger<AlertDoor> logger)
    {
        TakenAlerts taken;
        try
        {
            taken = await door.AcceptAsync(context.Request, form);
        }
        catch (UnavailableException)
        {
            taken = new(new(StatusCodes.Status503ServiceUnavailable, "unavailable", "$", "cannot be passed on, the broker is away; send it again"));
        }
        if (taken.Refusal is not { } refusal)
            return TypedResults.Ok(new AcceptedAlerts(taken.Accepted, taken.Ignored));
        telemetry.Refused(refusal.Code);
        Log.AlertsRefused(logger, Math.Max(1, taken.Refused), refusal.Field, refusal.Reason);
        if (refusal.Status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        return Problems.Of(refusal, new("accepted", taken.Accepted), new("refused", taken.Refused));
    }
}

/// <param name="Accepted">Alerts the broker has acknowledged.</param>
/// <param name="Ignored">Alerts that carry <c>source="forewarn"</c>: our own, come back.</param>
sealed record AcceptedAlerts(int Accepted, int Ignored);
