using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace DevSidecar.Api.Http;

/// <summary>
/// The HTTP API: one table of routes over path segments. Repeated slashes are collapsed first, because Dapr.Actors asks
/// for <c>//v1.0/...</c>.
/// </summary>
sealed class HttpApi(AppSidecar sidecar, ILogger logger)
{
    readonly PublishApi _publish = new(sidecar);
    readonly StateApi _state = new(sidecar);
    readonly InvokeApi _invoke = new(sidecar);
    readonly BindingApi _bindings = new(sidecar);
    readonly SecretApi _secrets = new(sidecar);
    readonly ActorApi _actors = new(sidecar);
    readonly MetadataApi _metadata = new(sidecar, logger);

    public async Task HandleAsync(HttpContext context)
    {
        var started = sidecar.Time.GetTimestamp();
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        var path = (query < 0 ? raw : raw[..query]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            if (IsProtected(path) && !sidecar.TokenIsValid(context.Request.Headers["dapr-api-token"]))
            {
                throw new ApiException(401, global::Grpc.Core.StatusCode.Unauthenticated, "ERR_UNAUTHENTICATED", "invalid api token");
            }

            await RouteAsync(context, path);
        }
        catch (ApiException e)
        {
            await ErrorAsync(context, e.HttpStatus, e.ErrorCode, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await ErrorAsync(context, e.StatusCode, "ERR_MALFORMED_REQUEST", e.Message);
        }
        catch (JsonException e)
        {
            await ErrorAsync(context, 400, "ERR_MALFORMED_REQUEST", "failed deserializing HTTP body: " + e.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = 499;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or HttpRequestException or OperationCanceledException)
        {
            Log.RequestFailed(logger, e, context.Request.Method, context.Request.Path);
            await ErrorAsync(context, 500, "ERR_INTERNAL", e.Message);
        }
        finally
        {
            sidecar.Telemetry.HttpRequest(context.Request.Method, Pattern(path), context.Response.StatusCode, sidecar.Time.GetElapsedTime(started));
        }
    }

    Task RouteAsync(HttpContext context, string[] path)
    {
        var method = context.Request.Method;
        return (method, path) switch
        {
            (_, ["v1.0", "invoke", ..]) => _invoke.InvokeAsync(context, path),
            ("GET", ["v1.0", "healthz"]) => _metadata.HealthAsync(context),
            ("GET", ["v1.0", "healthz", "outbound"]) => NoContent(context),
            ("GET", ["v1.0", "metadata"]) => _metadata.GetAsync(context),
            ("PUT", ["v1.0", "metadata", var key]) => _metadata.PutAsync(context, Text(key)),
            ("POST", ["v1.0", "shutdown"]) => _metadata.ShutdownAsync(context),
            ("POST" or "PUT", ["v1.0" or "v1.0-alpha1", "publish", "bulk", var pubSub, ..]) => _publish.BulkAsync(context, Text(pubSub), Tail(path, 4)),
            ("POST" or "PUT", ["v1.0", "publish", var pubSub, ..]) => _publish.PublishAsync(context, Text(pubSub), Tail(path, 3)),
            ("GET", ["v1.0", "state", var store, var key]) => _state.GetAsync(context, Text(store), Text(key)),
            ("DELETE", ["v1.0", "state", var store, var key]) => _state.DeleteAsync(context, Text(store), Text(key)),
            ("POST" or "PUT", ["v1.0", "state", var store]) => _state.SaveAsync(context, Text(store)),
            ("POST" or "PUT", ["v1.0", "state", var store, "bulk"]) => _state.BulkGetAsync(context, Text(store)),
            ("POST" or "PUT", ["v1.0", "state", var store, "transaction"]) => _state.TransactAsync(context, Text(store)),
            ("POST" or "PUT", ["v1.0", "bindings", var name]) => _bindings.InvokeAsync(context, Text(name)),
            ("GET", ["v1.0", "secrets", var store, "bulk"]) => _secrets.BulkAsync(context, Text(store)),
            ("GET", ["v1.0", "secrets", var store, var key]) => _secrets.GetAsync(context, Text(store), Text(key)),
            (_, ["v1.0", "actors", var type, var id, .. var rest]) => _actors.HandleAsync(context, new(Text(type), Text(id)), rest),
            ("GET", ["metrics"]) => context.Response.WriteAsync(sidecar.Telemetry.Exposition(), context.RequestAborted),
            _ when context.Request.Headers.ContainsKey("dapr-app-id") => _invoke.InvokeAsync(context, path),
            _ => throw new ApiException(404, global::Grpc.Core.StatusCode.Unimplemented, "ERR_NOT_FOUND", $"{method} {context.Request.Path} is not part of this API"),
        };
    }

    /// <summary>Health needs no token, neither does the metrics page: both say nothing secret.</summary>
    static bool IsProtected(string[] path) => path is not (["v1.0", "healthz", ..] or ["metrics"]);

    static async Task ErrorAsync(HttpContext context, int status, string code, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("errorCode"u8, code);
        json.WriteString("message"u8, message);
        json.WriteEndObject();
    }

    static Task NoContent(HttpContext context)
    {
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    static string Text(string segment) => Uri.UnescapeDataString(segment);

    static string Tail(string[] path, int from) => string.Join('/', path.Skip(from).Select(Text));

    /// <summary>Ids stay out of metric labels.</summary>
    static string Pattern(string[] path) => path switch
    {
        ["v1.0" or "v1.0-alpha1", "publish", "bulk", ..] => "/v1.0/publish/bulk",
        ["v1.0", "publish", ..] => "/v1.0/publish",
        ["v1.0", "state", ..] => "/v1.0/state",
        ["v1.0", "invoke", ..] => "/v1.0/invoke",
        ["v1.0", "actors", ..] => "/v1.0/actors",
        ["v1.0", "bindings", ..] => "/v1.0/bindings",
        ["v1.0", "secrets", ..] => "/v1.0/secrets",
        ["v1.0", "metadata", ..] => "/v1.0/metadata",
        ["v1.0", "healthz", ..] => "/v1.0/healthz",
        ["v1.0", "shutdown"] => "/v1.0/shutdown",
        ["metrics"] => "/metrics",
        _ => "other",
    };
}
