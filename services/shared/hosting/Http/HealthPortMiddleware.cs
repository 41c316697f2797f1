using Microsoft.AspNetCore.Http;

namespace Forewarn.Hosting;

/// <summary>
/// An orchestrator asks for health from outside, where the app port must not be reached: it belongs to the sidecar and listens on
/// loopback. <c>HEALTH_PORT</c> answers <c>/healthz</c>, and <c>/metrics</c> where it is wanted, on all addresses; everything else does not exist there.
/// </summary>
sealed class HealthPortMiddleware(RequestDelegate next, SidecarEnvironment environment)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (environment.HealthPort == 0 || context.Connection.LocalPort != environment.HealthPort || context.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
