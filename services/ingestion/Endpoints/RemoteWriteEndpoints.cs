using System.Globalization;
using Forewarn.Hosting;

namespace Forewarn.Ingestion;

/// <summary>Where Prometheus' remote write goes, on the public listener.</summary>
static class RemoteWriteEndpoints
{
    public static IEndpointRouteBuilder MapRemoteWrite(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/write", (Delegate)WriteAsync).OnlyOn(routes.ServiceProvider.GetRequiredService<PublicListener>());
        return routes;
    }

    static async Task<IResult> WriteAsync(HttpContext context, RemoteWriteDoor door, Telemetry telemetry, ILogger<RemoteWriteDoor> logger)
    {
        Written written;
        try
        {
            written = await door.AcceptAsync(context.Request);
        }
        catch (UnavailableException)
        {
            written = new(new(StatusCodes.Status503ServiceUnavailable, "unavailable", "$", "cannot be passed on, the broker is away; send it again"));
        }
        if (written.Refusal?.Status is not StatusCodes.Status415UnsupportedMediaType)
        {
            SetWritten(context.Response, "Samples", written.Samples);
            SetWritten(context.Response, "Histograms", written.Histograms);
            SetWritten(context.Response, "Exemplars", 0);
        }
        if (written.IncompleteBuckets > 0)
            telemetry.Refused("incomplete-histogram");
        if (written.Refusal is not { } refusal)
            return Results.NoContent();
        telemetry.Refused(refusal.Code);
        Log.RequestRefused(logger, refusal.Field, refusal.Reason);
        if (refusal.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        return Results.Text($"{refusal.Field} {refusal.Reason}\n", "text/plain; charset=utf-8", statusCode: refusal.Status);
    }

    static void SetWritten(HttpResponse response, string what, int count) =>
        response.Headers[$"X-Prometheus-Remote-Write-{what}-Written"] = count.ToString(CultureInfo.InvariantCulture);
}
