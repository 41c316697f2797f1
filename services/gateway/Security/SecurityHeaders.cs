namespace Forewarn.Gateway.Security;

static class SecurityHeaders
{
    const string Policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Add(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>
    /// For a page with a form. Without any referrer browsers send "Origin: null" with it, which is nobody's page and refused; this way
    /// they name this site, and still tell no other where they come from.
    /// </summary>
    public static void AllowOwnForm(HttpResponse response) => response.Headers["Referrer-Policy"] = "same-origin";
}
