using System.ComponentModel;
using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Gateway.Live;
using Forewarn.Gateway.Security;
using Forewarn.Gateway.Status;
using Microsoft.AspNetCore.Http.Features;

namespace Forewarn.Gateway.Endpoints;

/// <summary>What the gateway answers itself: the status and the live stream.</summary>
static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/status", async (StatusCollector collector, CancellationToken cancellationToken) =>
                TypedResults.Ok(await collector.ReadAsync(cancellationToken)))
            .WithMetadata(PublicEndpoint.Mark).WithName("readStatus").WithSummary("The platform at a glance").WithTags("gateway");

        routes.MapGet("/api/stream", StreamAsync)
            .WithMetadata(PublicEndpoint.Mark).WithName("stream").WithTags("gateway")
            .WithSummary("Live events: schema, tick, outlook, incident, status, model, job")
            .WithDescription(
                "Server-sent events. 'tick' and 'outlook' come for the entity asked for, 'schema' names their columns before the first one. " +
                "Events with an id (incident, model, job) are repeated after a reconnect with Last-Event-ID.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    static async Task StreamAsync(
        HttpContext context, StreamHub hub, StatusCollector status, Telemetry telemetry, ILogger<StreamHub> logger, IHostApplicationLifetime lifetime,
        [Description("Name from /api/entities; without it no ticks come")] string? entity = null)
    {
        if (hub.Open(entity, LastEventId(context.Request)) is not { } client)
        {
            context.Response.Headers.RetryAfter = "5";
            await TypedResults.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, title: "Too many live streams", detail: "Close a tab, or raise GATEWAY__MAXSTREAMS.").ExecuteAsync(context);
            return;
        }
        telemetry.StreamOpened();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await WriteAsync(context, client, status, ended.Token);
            if (client.Overrun)
                Log.StreamClosed(logger);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The browser left or the gateway stops: both end a stream as they should.
        }
        finally
        {
            hub.Close(client);
            telemetry.StreamClosed(client.Dropped);
        }
    }

    static async Task WriteAsync(HttpContext context, StreamClient client, StatusCollector status, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Body.WriteAsync("retry: 2000\n\n"u8.ToArray(), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        client.Send(Frame.Of("status", await status.ReadAsync(cancellationToken), ContractJson.Default.PlatformStatus));
        while (!client.Overrun)
        {
            foreach (var frame in await client.TakeAsync(cancellationToken))
                await response.Body.WriteAsync(frame.Bytes, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }

    static long? LastEventId(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
