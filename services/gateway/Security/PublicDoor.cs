using Forewarn.Hosting;

namespace Forewarn.Gateway.Security;

/// <summary>Marks an endpoint as one for people: it exists on the public listener only, and nothing else exists there.</summary>
sealed class PublicEndpoint
{
    public static readonly PublicEndpoint Mark = new() { NeedsSignIn = true };

    /// <summary>Whoever has the address may come in: the page to sign in with, and links that carry their own permission.</summary>
    public static readonly PublicEndpoint WithoutSignIn = new();

    /// <summary>Asked by programs, which a sign-in page does not help: without a token they are refused.</summary>
    public static readonly PublicEndpoint ForPrograms = new() { NeedsSignIn = true, IsForPrograms = true };

    public bool NeedsSignIn { get; private init; }
    public bool IsForPrograms { get; private init; }
}

/// <summary>Everything a request from outside must pass before it reaches an endpoint.</summary>
sealed class PublicDoor(
    RequestDelegate next, PublicListener listener, HostGuard hosts, OriginGuard origins, AccessGuard access, ILogger<PublicDoor> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint()?.Metadata.GetMetadata<PublicEndpoint>();
        if (context.Connection.LocalPort != listener.Port)
            return endpoint is not null ? Problem(context, StatusCodes.Status404NotFound, "Not here", "The public API is on the gateway's own port.") : next(context);

        SecurityHeaders.Add(context.Response);
        var request = context.Request;
        if (!hosts.Allows(request.Host))
        {
            Log.HostRefused(logger, Printable(request.Host.Value));
            return Problem(context, StatusCodes.Status421MisdirectedRequest, "Unknown host",
                "This gateway does not answer to that host name. Use localhost, or add the name to GATEWAY__ALLOWEDHOSTS.");
        }
        if (OriginGuard.Concerns(request) && !origins.Allows(request))
        {
            Log.OriginRefused(logger, request.Method, Printable(request.Path), Printable(request.Headers.Origin.ToString()));
            return Problem(context, StatusCodes.Status403Forbidden, "Foreign page",
                "Pages of other origins may not do this. Add the origin to GATEWAY__ALLOWEDORIGINS if it is yours.");
        }
        if (endpoint is null)
            return Problem(context, StatusCodes.Status404NotFound, "There is no such thing", "/api/openapi.json lists what there is.");
        if (endpoint.NeedsSignIn && !access.Allows(request))
            return AskToSignIn(context, endpoint);
        return next(context);
    }

    static Task AskToSignIn(HttpContext context, PublicEndpoint endpoint)
    {
        if (endpoint.IsForPrograms || context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem(context, StatusCodes.Status401Unauthorized, "Sign in first", $"Send the access token as a bearer token, or sign in at {SignInPage.Path}.");
        }
        context.Response.Redirect(SignInPage.Path);
        return Task.CompletedTask;
    }

    static Task Problem(HttpContext context, int status, string title, string detail) =>
        TypedResults.Problem(statusCode: status, title: title, detail: detail).ExecuteAsync(context);

    /// <summary>What goes into a log line was written by a stranger.</summary>
    static string Printable(string? text) => new([.. (text ?? "").Where(c => c is >= ' ' and <= '~').Take(100)]);
}
