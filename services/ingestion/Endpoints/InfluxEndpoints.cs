using Forewarn.Hosting;

namespace Forewarn.Ingestion;

/// <summary>What clients of Influx 1 and 2 call to write, on the public listener.</summary>
static class InfluxEndpoints
{
    public static IEndpointRouteBuilder MapInflux(this IEndpointRouteBuilder routes)
    {
        var listener = routes.ServiceProvider.GetRequiredService<PublicListener>();
        routes.MapPost("/write", (HttpContext context, LineDoor door, Telemetry telemetry, ILogger<LineDoor> logger, string? db = null, string? precision = null) =>
            WriteAsync(context, door, db, precision, telemetry, logger)).OnlyOn(listener);
        routes.MapPost("/api/v2/write", (HttpContext context, LineDoor door, Telemetry telemetry, ILogger<LineDoor> logger, string? bucket = null, string? precision = null) =>
            WriteAsync(context, door, bucket, precision, telemetry, logger)).OnlyOn(listener);
        routes.MapMethods("/ping", [HttpMethods.Get, HttpMethods.Head], () => Results.NoContent()).OnlyOn(listener);
        return routes;
    }

    static async Task<IResult> WriteAsync(HttpContext context, LineDoor door, string? database, string? precision, Telemetry telemetry, ILogger<LineDoor> logger)
    {
        Refusal? refusal;
        try
        {
            refusal = await door.AcceptAsync(context.Request, database, precision ?? "");
        }
        catch (UnavailableException)
        {
            refusal = new(StatusCodes.Status503ServiceUnavailable, "unavailable", "the write", "cannot be passed on, the broker is away; send it again");
        }
        if (refusal is null)
            return Results.NoContent();
        telemetry.Refused(refusal.Code);
        Log.RequestRefused(logger, refusal.Field, refusal.Reason);
        if (refusal.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        return Results.Json(InfluxError.Of(refusal), IngestionJson.Default.InfluxError, statusCode: refusal.Status);
    }
}

/// <summary>An error as both versions read it: <c>error</c> for 1, the rest for 2.</summary>
sealed record InfluxError(string Code, string Message, string Error)
{
    public static InfluxError Of(Refusal refusal)
    {
        var message = $"{refusal.Field} {refusal.Reason}";
        var code = refusal.Status switch
        {
            401 => "unauthorized",
            403 => "forbidden",
            413 => "request too large",
            429 => "too many requests",
            503 => "unavailable",
            _ => "invalid",
        };
        return new(code, message, message);
    }
}
