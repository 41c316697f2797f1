using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Forewarn.Ingestion;

/// <summary>The metrics service of OTLP/gRPC. Its messages stay bytes: they are read where all doors' are.</summary>
sealed class OtlpGrpc(OtlpDoor door, ILogger<OtlpGrpc> logger)
{
    /// <summary>Where details of a status travel.</summary>
    const string Details = "grpc-status-details-bin";

    public async Task<byte[]> ExportAsync(RequestBody request, ServerCallContext context)
    {
        using (request)
        {
            var answer = await door.AcceptAsync(request.Memory, context.GetHttpContext().Request, context.CancellationToken);
            if (answer.Refusal is not { } refusal)
                return OtlpWire.Response(answer);
            Log.RequestRefused(logger, refusal.Field, refusal.Reason);
            throw new RpcException(new Status(OtlpWire.Code(refusal), OtlpWire.Message(refusal)), new Metadata { { Details, OtlpWire.Status(refusal) } });
        }
    }

    /// <summary>Who may not come in, or finds no room, is told before anything of the request is read.</summary>
    public static RequestDelegate Guarded(RequestDelegate inner) => async context =>
    {
        var guard = context.RequestServices.GetRequiredService<DoorGuard>();
        var refused = guard.WhyNotLetIn(context.Request);
        using var place = refused is null ? guard.Enter() : null;
        if (place is null)
            Refuse(context, refused ?? guard.Busy());
        else
            await inner(context);
    };

    /// <summary>An answer of gRPC that has headers only.</summary>
    static void Refuse(HttpContext context, Refusal refusal)
    {
        context.RequestServices.GetRequiredService<Telemetry>().Refused(refusal.Code);
        var headers = context.Response.Headers;
        headers.ContentType = "application/grpc";
        headers["grpc-status"] = ((int)OtlpWire.Code(refusal)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers["grpc-message"] = Uri.EscapeDataString(OtlpWire.Message(refusal));
        headers[Details] = Convert.ToBase64String(OtlpWire.Status(refusal));
    }
}

/// <summary>Names the service's one method.</summary>
sealed class OtlpGrpcMethods : IServiceMethodProvider<OtlpGrpc>
{
    static readonly Method<RequestBody, byte[]> _export = new(
        MethodType.Unary, "opentelemetry.proto.collector.metrics.v1.MetricsService", "Export",
        Marshallers.Create<RequestBody>(
            (_, _) => throw new NotSupportedException("Requests are only received."), context => RequestBody.Copy(context.PayloadAsReadOnlySequence())),
        Marshallers.Create<byte[]>(
            (bytes, context) => context.Complete(bytes), _ => throw new NotSupportedException("Answers are only sent.")));

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<OtlpGrpc> context) =>
        context.AddUnaryMethod(_export, [], static (service, request, call) => service.ExportAsync(request, call));
}
