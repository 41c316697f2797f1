using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Hosting;

/// <summary>
/// The app port belongs to the sidecar: with <c>APP_API_TOKEN</c> set, only calls that carry it pass. Health stays open
/// because sidecars probe it without a token; public listeners have rules of their own.
/// </summary>
sealed class AppTokenMiddleware(RequestDelegate next, SidecarEnvironment environment, IEnumerable<PublicListener> publicListeners)
{
    readonly byte[]? _token = environment.AppApiToken is { } token ? Encoding.UTF8.GetBytes(token) : null;
    readonly HashSet<int> _publicPorts = [.. publicListeners.SelectMany(listener => listener.MorePorts.Append(listener.Port))];

    public Task InvokeAsync(HttpContext context)
    {
        if (_token is null || _publicPorts.Contains(context.Connection.LocalPort) || context.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal))
            return next(context);
        var sent = Encoding.UTF8.GetBytes(context.Request.Headers["dapr-api-token"].ToString());
        if (CryptographicOperations.FixedTimeEquals(sent, _token))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
