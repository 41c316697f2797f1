using Grpc.Core;

namespace DevSidecar.Api.Http;

sealed class SecretApi(AppSidecar sidecar)
{
    public async Task GetAsync(HttpContext context, string store, string key) =>
        await context.Response.WriteAsJsonAsync(Read(sidecar, store, key), context.RequestAborted);

    public async Task BulkAsync(HttpContext context, string store) =>
        await context.Response.WriteAsJsonAsync(ReadAll(sidecar, store), context.RequestAborted);

    internal static IReadOnlyDictionary<string, string> Read(AppSidecar sidecar, string store, string key)
    {
        var started = sidecar.Time.GetTimestamp();
        var secrets = sidecar.Components.Secret(store);
        if (!sidecar.Runtime.Configuration.MayReadSecret(store, key))
        {
            throw new ApiException(403, StatusCode.PermissionDenied, "ERR_PERMISSION_DENIED", $"access denied by policy to get {key} from {store}");
        }

        var secret = secrets.Get(key);
        sidecar.Telemetry.Secret(store, "get", secret is not null, sidecar.Time.GetElapsedTime(started));
        return secret ?? throw new ApiException(500, StatusCode.Internal, "ERR_SECRET_GET", $"failed getting secret with key {key} from secret store {store}: secret {key} not found");
    }

    internal static Dictionary<string, IReadOnlyDictionary<string, string>> ReadAll(AppSidecar sidecar, string store)
    {
        var started = sidecar.Time.GetTimestamp();
        var all = sidecar.Components.Secret(store).All()
            .Where(s => sidecar.Runtime.Configuration.MayReadSecret(store, s.Key))
            .ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
        sidecar.Telemetry.Secret(store, "bulk_get", success: true, sidecar.Time.GetElapsedTime(started));
        return all;
    }
}
