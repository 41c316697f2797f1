using System.Diagnostics;
using System.Net;
using Forewarn.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace Forewarn.Gateway.Proxy;

/// <summary>Forwards a request to another service through the sidecar's invocation API.</summary>
sealed class SidecarForwarder(IHttpForwarder forwarder, SidecarEnvironment sidecar, ILogger<SidecarForwarder> logger) : IDisposable
{
    /// <summary>No request of this API has a body worth speaking of.</summary>
    public const int MostBodyBytes = 64 * 1024;

    static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(30), Version = HttpVersion.Version11 };

    readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    public async Task ForwardAsync(HttpContext context, string app, string path)
    {
        if (context.Request.ContentLength > MostBodyBytes)
        {
            await TypedResults.Problem(statusCode: StatusCodes.Status413PayloadTooLarge, title: $"The body is larger than {MostBodyBytes} bytes").ExecuteAsync(context);
            return;
        }
        var prefix = new Uri(sidecar.HttpEndpoint, $"v1.0/invoke/{app}/method").ToString();
        var transformer = new SidecarTransformer(path, sidecar.DaprApiToken);
        var error = await forwarder.SendAsync(context, prefix, _client, Config, transformer, context.RequestAborted);
        if (error is ForwarderError.None && transformer.Outage is null || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;
        Log.UpstreamFailed(logger, app, path, transformer.Outage ?? context.GetForwarderErrorFeature()?.Exception?.Message ?? error.ToString());
        context.Response.Headers.Clear();
        Security.SecurityHeaders.Add(context.Response);
        if (error is ForwarderError.RequestBodyClient)
        {
            await TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, title: "The body is too large or was cut off").ExecuteAsync(context);
            return;
        }
        context.Response.Headers.RetryAfter = "1";
        await TypedResults.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable, title: $"{app} does not answer", detail: "It may be starting; try again in a moment.").ExecuteAsync(context);
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>Rewrites the path, keeps what belongs to this hop to itself, and tells an outage from an answer.</summary>
sealed class SidecarTransformer(string path, string? token) : HttpTransformer
{
    static readonly string[] OwnHeaders = ["Cookie", "Authorization", "Origin", "Referer", "dapr-api-token", "dapr-app-id"];

    /// <summary>Why there is no answer of the service; null when there is one.</summary>
    public string? Outage { get; private set; }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = new Uri(destinationPrefix + path + httpContext.Request.QueryString.ToUriComponent());
        proxyRequest.Headers.Host = null;
        foreach (var header in OwnHeaders)
            proxyRequest.Headers.Remove(header);
        if (token is not null)
            proxyRequest.Headers.TryAddWithoutValidation("dapr-api-token", token);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        // Our services explain their errors with problem documents; any other 5xx is the sidecar that found nobody.
        if (proxyResponse is not null && (int)proxyResponse.StatusCode >= 500
            && proxyResponse.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            Outage = $"the sidecar answered {(int)proxyResponse.StatusCode}";
            return false;
        }
        var forwarded = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        httpContext.Response.Headers.Remove("Set-Cookie");
        httpContext.Response.Headers.Remove("Server");
        httpContext.Response.Headers.CacheControl = "no-store";
        return forwarded;
    }
}
