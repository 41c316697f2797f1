using System.Text.Json;
using DevSidecar.Health;

namespace DevSidecar.Api.Http;

sealed class MetadataApi(AppSidecar sidecar, ILogger logger)
{
    /// <summary>Ready only when the app is there; with appid of another app, never.</summary>
    public Task HealthAsync(HttpContext context)
    {
        if (context.Request.Query.TryGetValue("appid", out var expected) && expected != sidecar.AppId)
        {
            throw new ApiException(500, global::Grpc.Core.StatusCode.Internal, "ERR_HEALTH_APPID_NOT_MATCH", "dapr app-id does not match");
        }

        context.Response.StatusCode = sidecar.State == AppSidecarState.Ready
            ? 204
            : throw new ApiException(500, global::Grpc.Core.StatusCode.Internal, "ERR_HEALTH_NOT_READY", $"dapr is not ready: [app {sidecar.State}]");
        return Task.CompletedTask;
    }

    public async Task GetAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        SidecarMetadata.Write(json, sidecar);
    }

    public async Task PutAsync(HttpContext context, string key)
    {
        sidecar.Extended[key] = System.Text.Encoding.UTF8.GetString(await RequestReader.BodyAsync(context));
        context.Response.StatusCode = 204;
    }

    public Task ShutdownAsync(HttpContext context)
    {
        Log.ShutdownRequested(logger, sidecar.AppId);
        context.Response.StatusCode = 204;
        context.Response.OnCompleted(() =>
        {
            _ = sidecar.DisposeAsync().AsTask();
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }
}
