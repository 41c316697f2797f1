using DevSidecar.Invocation;

namespace DevSidecar.Api.Http;

/// <summary>Both forms: <c>/v1.0/invoke/{app}/method/{path}</c>, and any path with header <c>dapr-app-id</c>.</summary>
sealed class InvokeApi(AppSidecar sidecar)
{
    readonly Invoker _invoker = new(sidecar);

    public Task InvokeAsync(HttpContext context, string[] path)
    {
        var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        var search = query < 0 ? "" : raw[query..];
        return path switch
        {
            // The tail keeps its escapes and inner slashes: it belongs to the other app.
            ["v1.0", "invoke", var app, "method", ..] => _invoker.InvokeAsync(context, Uri.UnescapeDataString(app), "/" + After(query < 0 ? raw : raw[..query], "/method") + search),
            ["v1.0", "invoke", ..] => throw new ApiException(404, global::Grpc.Core.StatusCode.NotFound, "ERR_DIRECT_INVOKE", "failed getting app id either from the URL path or the header dapr-app-id"),
            _ => _invoker.InvokeAsync(context, context.Request.Headers["dapr-app-id"].ToString(), raw),
        };
    }

    static string After(string raw, string marker)
    {
        var at = raw.IndexOf(marker, raw.IndexOf("invoke", StringComparison.Ordinal), StringComparison.Ordinal) + marker.Length;
        return at < raw.Length && raw[at] == '/' ? raw[(at + 1)..] : raw[at..];
    }
}
