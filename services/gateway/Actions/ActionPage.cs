using System.Net;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Gateway.Proxy;
using Forewarn.Gateway.Security;
using Forewarn.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Forewarn.Gateway.Actions;

/// <summary>
/// Where links in notifications lead. Opening one, as mail scanners and previews do, shows what it permits; only the button does it.
/// The link's signature is the permission, so nobody has to sign in; alerting checks it.
/// </summary>
static class ActionPage
{
    const string Route = "/act/{token}";

    /// <summary>The longest link of ours is shorter; others are not carried on.</summary>
    const int MostToken = 512;

    public static void MapActionPage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ActionStyle.Path, ActionStyle.Send).WithMetadata(PublicEndpoint.WithoutSignIn).ExcludeFromDescription();
        routes.MapGet(Route, ShowAsync).WithMetadata(PublicEndpoint.WithoutSignIn).ExcludeFromDescription();
        routes.MapPost(Route, DoAsync)
            .WithMetadata(PublicEndpoint.WithoutSignIn, new RequestSizeLimitAttribute(SidecarForwarder.MostBodyBytes)).ExcludeFromDescription();
    }

    static async Task<IResult> ShowAsync(string token, HttpContext context, ServiceInvoker services, CancellationToken cancellationToken)
    {
        var (action, problem) = await AskAsync(services, HttpMethod.Get, token, null, cancellationToken);
        return Page(context, problem?.Status ?? StatusCodes.Status200OK, action is null ? ActionHtml.Refusal(problem!) : ActionHtml.Question(action, token));
    }

    static async Task<IResult> DoAsync(string token, HttpContext context, ServiceInvoker services, CancellationToken cancellationToken)
    {
        if (!context.Request.HasFormContentType)
            return Results.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType, title: "Send the form");
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var who = form["who"].ToString().Trim();
        var (action, problem) = await AskAsync(
            services, HttpMethod.Post, token, new IncidentActionRequest { Who = who.Length > 0 ? who : null }, cancellationToken);
        return Page(context, problem?.Status ?? StatusCodes.Status200OK, action is null ? ActionHtml.Refusal(problem!) : ActionHtml.Done(action));
    }

    static async Task<(ActionView? Action, ActionProblem? Problem)> AskAsync(
        ServiceInvoker services, HttpMethod method, string token, IncidentActionRequest? body, CancellationToken cancellationToken)
    {
        if (token.Length > MostToken)
            return (null, ActionProblem.Unknown);
        using var request = new HttpRequestMessage(method, (Uri?)null);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, ContractJson.Default.IncidentActionRequest));
            request.Content.Headers.ContentType = new("application/json");
        }
        try
        {
            using var response = await services.SendAsync(request, Apps.Alerting, $"v1/actions/{Uri.EscapeDataString(token)}", cancellationToken);
            var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? (JsonSerializer.Deserialize(text, ActionJson.Default.ActionView), null)
                : (null, ActionProblem.Of(response, text));
        }
        catch (Exception outage) when (outage is HttpRequestException or JsonException)
        {
            return (null, ActionProblem.Outage);
        }
    }

    static IResult Page(HttpContext context, int status, string html)
    {
        context.Response.Headers.CacheControl = "no-store";
        SecurityHeaders.AllowOwnForm(context.Response);
        return Results.Content(html, "text/html; charset=utf-8", statusCode: status);
    }
}
