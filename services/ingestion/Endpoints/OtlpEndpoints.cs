using Forewarn.Hosting;

namespace Forewarn.Ingestion;

/// <summary>OTLP/gRPC, and OTLP/HTTP on its own port and on the public listener. Traces and logs are not taken: UNIMPLEMENTED, 404.</summary>
static class OtlpEndpoints
{
    const string Protobuf = "application/x-protobuf";
    const string Json = "application/json";

    public static IEndpointRouteBuilder MapOtlp(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var (listeners, listener) = (services.GetRequiredService<OtlpListeners>(), services.GetRequiredService<PublicListener>());
        if (!services.GetRequiredService<IngestionOptions>().Otlp.Enabled)
            return routes;
        listeners.Tell(services.GetRequiredService<ILogger<OtlpDoor>>(), FormattableString.Invariant($"http://{listener.Address}:{listener.Port}"));
        routes.MapPost("/v1/metrics", PostAsync).OnlyOn([listener.Port, .. listeners.Ports]);
        if (listeners.Grpc is not { } grpc)
            return routes;
        var calls = routes.MapGrpcService<OtlpGrpc>();
        calls.Add(endpoint => endpoint.RequestDelegate = endpoint.RequestDelegate is { } inner ? OtlpGrpc.Guarded(inner) : null);
        calls.OnlyOn([grpc]);
        return routes;
    }

    static async Task PostAsync(HttpContext context, OtlpDoor door, DoorGuard guard, IngestionOptions options, Telemetry telemetry, ILogger<OtlpDoor> logger)
    {
        var mediaType = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        var isJson = mediaType != Protobuf;
        var answer = await AcceptAsync(context, mediaType, door, guard, options, telemetry);
        var (response, body) = (context.Response, isJson ? OtlpWire.ResponseJson(answer) : OtlpWire.Response(answer));
        if (answer.Refusal is { } refusal)
        {
            Log.RequestRefused(logger, refusal.Field, refusal.Reason);
            response.StatusCode = refusal.Status;
            if (OtlpWire.IsWorthRetrying(refusal))
                response.Headers.RetryAfter = FormattableString.Invariant($"{OtlpWire.RetrySeconds}");
            body = isJson ? OtlpWire.StatusJson(refusal) : OtlpWire.Status(refusal);
        }
        response.ContentType = isJson ? Json : Protobuf;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    static async Task<OtlpAnswer> AcceptAsync(
        HttpContext context, string? mediaType, OtlpDoor door, DoorGuard guard, IngestionOptions options, Telemetry telemetry)
    {
        if (guard.WhyNotLetIn(context.Request) is { } refused)
            return Refuse(refused);
        if (mediaType is not (Protobuf or Json))
            return Refuse(new(415, "media-type", "Content-Type", $"must be {Protobuf} or {Json}"));
        if (context.Request.Headers.ContentEncoding.ToString() is not ("" or "gzip" or "identity"))
            return Refuse(new(415, "media-type", "Content-Encoding", "must be gzip or identity"));
        using var place = guard.Enter();
        if (place is null)
            return Refuse(guard.Busy());
        using var body = await RequestBody.ReadAsync(context.Request, options.MaxBodyBytes, gzip: true);
        if (body.Refusal is not null)
            return Refuse(body.Refusal);
        var request = body.Memory;
        if (mediaType == Json && OtlpJson.Transcode(body.Bytes, out request) is { } invalid)
            return Refuse(invalid);
        return await door.AcceptAsync(request, context.Request, context.RequestAborted);

        OtlpAnswer Refuse(Refusal refusal)
        {
            telemetry.Refused(refusal.Code);
            return new(refusal, 0, null);
        }
    }
}
