using Forewarn.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Ingestion;

/// <summary>The JSON door on the public listener.</summary>
static class MetricsEndpoints
{
    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/metrics/json", PostAsync).OnlyOn(routes.ServiceProvider.GetRequiredService<PublicListener>());
        return routes;
    }

    static async Task<Results<Accepted<AcceptedSamples>, ProblemHttpResult>> PostAsync(
        HttpContext context, JsonDoor door, Telemetry telemetry, ILogger<JsonDoor> logger)
    {
        try
        {
            var (refusal, samples) = await door.AcceptAsync(context.Request);
            if (refusal is null)
                return TypedResults.Accepted((string?)null, new AcceptedSamples(samples));
            telemetry.Refused(refusal.Code);
            Log.RequestRefused(logger, refusal.Field, refusal.Reason);
            if (refusal.Status == StatusCodes.Status429TooManyRequests)
                context.Response.Headers.RetryAfter = "1";
            return Problems.Of(refusal);
        }
        catch (UnavailableException)
        {
            telemetry.Refused("unavailable");
            context.Response.Headers.RetryAfter = "1";
            return Problems.Of(new(StatusCodes.Status503ServiceUnavailable, "unavailable", "$",
                "cannot be passed on, the broker is away; send it again"));
        }
    }
}

/// <param name="Accepted">Samples the broker has acknowledged.</param>
sealed record AcceptedSamples(int Accepted);
