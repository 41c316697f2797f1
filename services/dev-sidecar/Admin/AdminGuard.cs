using System.Net;

namespace DevSidecar.Admin;

/// <summary>
/// Keeps web pages of other origins out. Loopback alone does not: any page in the developer's browser can send requests
/// there, and with DNS rebinding even read the answers under its own name.
/// </summary>
static class AdminGuard
{
    /// <summary>Null when the request may pass, else why not.</summary>
    public static string? Refusal(HttpRequest request)
    {
        if (!IsLoopbackName(request.Host.Host))
        {
            return $"the Host header names '{request.Host.Host}'; this page answers to 127.0.0.1, [::1] and localhost only";
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || origin.Equals($"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
            ? null
            : $"a page of '{origin}' may change nothing here";
    }

    static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
