namespace Forewarn.Gateway.Security;

/// <summary>A page with one field; it needs neither script nor style, so it works under the strictest policy.</summary>
static class SignInPage
{
    public const string Path = "/sign-in";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (HttpContext context, AccessGuard access) => access.Required ? Page(context, "") : Results.Redirect("/"))
            .WithMetadata(PublicEndpoint.WithoutSignIn).ExcludeFromDescription();
        routes.MapPost(Path, SignInAsync).WithMetadata(PublicEndpoint.WithoutSignIn).ExcludeFromDescription();
    }

    static async Task<IResult> SignInAsync(HttpContext context, AccessGuard access)
    {
        if (!context.Request.HasFormContentType)
            return Results.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType, title: "Send the form");
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!access.IsToken(form["token"].ToString().Trim()))
            return Page(context, "<p role=\"alert\">That is not the access token.</p>", StatusCodes.Status401Unauthorized);
        access.SignIn(context.Response, context.Request.IsHttps);
        return Results.Redirect("/");
    }

    static IResult Page(HttpContext context, string message, int status = StatusCodes.Status200OK)
    {
        SecurityHeaders.AllowOwnForm(context.Response);
        return Results.Content(Html(message), "text/html; charset=utf-8", statusCode: status);
    }

    static string Html(string message) =>
        $"""
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark"><title>Sign in to Forewarn</title>
        <main><h1>Forewarn</h1>{message}
        <form method="post" action="{Path}"><label>Access token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
        <button>Sign in</button></form></main></html>
        """;
}
