namespace Forewarn.Gateway.Security;

/// <summary>
/// Which pages may change something or listen. Browsers say where a request comes from, and a page cannot forge it; callers
/// that are no browsers say nothing and carry no cookies of anybody, so they pass.
/// </summary>
sealed class OriginGuard(GatewayOptions options)
{
    readonly HashSet<string> _allowed = new(GatewayOptions.Split(options.AllowedOrigins).Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    public static bool Concerns(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Path.StartsWithSegments("/api/stream", StringComparison.Ordinal);

    public bool Allows(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0)
            return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
        var origin = origins.ToString();
        if (_allowed.Contains(origin))
            return true;
        // Behind a proxy that ends TLS the schemes differ; the authority is what names the site.
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && string.Equals(uri.Authority, WithoutDefaultPort(uri.Scheme, request.Host), StringComparison.OrdinalIgnoreCase);
    }

    static string WithoutDefaultPort(string scheme, HostString host) =>
        host.Port == (scheme == "https" ? 443 : 80) ? host.Host : host.Value ?? "";
}
