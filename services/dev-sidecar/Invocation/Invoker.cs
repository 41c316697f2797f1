using System.Net;
using System.Net.Sockets;
using DevSidecar.Api;
using DevSidecar.PubSub;
using DevSidecar.Resiliency;
using Grpc.Core;

namespace DevSidecar.Invocation;

/// <summary>
/// Service invocation over HTTP: bodies stream both ways, replicas take turns. A request that can be repeated (it has a
/// Content-Length) is tried again, on the next replica first, when no connection can be made, and also when the target
/// answers with an error if a policy names a retry; a chunked request is not, as with daprd.
/// </summary>
sealed class Invoker(AppSidecar caller)
{
    static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Host", "dapr-api-token", "dapr-app-id",
    };

    public async Task InvokeAsync(HttpContext context, string appId, string target)
    {
        if (appId.Length == 0)
        {
            throw new ApiException(404, StatusCode.NotFound, "ERR_DIRECT_INVOKE", "failed getting app id either from the URL path or the header dapr-app-id");
        }

        var body = await RepeatableBodyAsync(context);
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var guard = caller.Guards.App(appId, query < 0 ? target : target[..query]);
        HttpResponseMessage? response = null;
        try
        {
            await (body is null ? guard.WithoutRetry() : guard).RunAsync(
                async token =>
                {
                    response?.Dispose();
                    response = await SendAsync(context, appId, target, body, token);
                    return response;
                },
                static r => r switch
                {
                    null => Outcome.Unreachable,
                    { StatusCode: >= (HttpStatusCode)200 and < (HttpStatusCode)400 } => Outcome.Success,
                    _ => Outcome.HttpFailure((int)r.StatusCode),
                },
                static e => e is HttpRequestException ? Outcome.Failure : Outcome.Final,
                context.RequestAborted);
            if (response is null)
            {
                throw Failed(appId, "the app does not accept connections");
            }

            await CopyAsync(response, context, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or CircuitOpenException)
        {
            throw Failed(appId, e.Message);
        }
        finally
        {
            response?.Dispose();
        }
    }

    static ApiException Failed(string appId, string reason) =>
        new(500, StatusCode.Internal, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {appId}, err: {reason}");

    /// <summary>One attempt: replica by replica until one takes the connection. Null when none does, so that nothing has reached the app.</summary>
    async Task<HttpResponseMessage?> SendAsync(HttpContext context, string appId, string target, byte[]? body, CancellationToken cancellationToken)
    {
        var replicas = caller.Runtime.Directory.Replicas(appId) ?? throw Failed(appId, $"couldn't find app id {appId}");
        foreach (var replica in body is null ? replicas.Take(1) : replicas)
        {
            using var request = Request(context, replica, target, body);
            try
            {
                return await CountedAsync(replica, request, cancellationToken);
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException || e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                // The next replica, or the next attempt.
            }
        }

        return null;
    }

    /// <summary>An app that calls itself goes around service invocation with daprd, so it is not counted. Paths are the callers' and no label.</summary>
    async Task<HttpResponseMessage> CountedAsync(AppSidecar replica, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (replica.AppId == caller.AppId)
        {
            return await replica.Channel.SendAsync(request, "", cancellationToken);
        }

        var started = caller.Time.GetTimestamp();
        caller.Telemetry.InvocationSent(replica.AppId);
        replica.Telemetry.InvocationReceived(caller.AppId);
        var response = await replica.Channel.SendAsync(request, "", cancellationToken);
        var status = (int)response.StatusCode;
        replica.Telemetry.ResponseSent(caller.AppId, status);
        caller.Telemetry.ResponseReceived(replica.AppId, status, caller.Time.GetElapsedTime(started));
        return response;
    }

    HttpRequestMessage Request(HttpContext context, AppSidecar replica, string target, byte[]? body)
    {
        var incoming = context.Request;
        var request = new HttpRequestMessage(new(incoming.Method), replica.Channel.Origin + (target.StartsWith('/') ? target : "/" + target));
        if (body is { Length: > 0 })
        {
            request.Content = new ByteArrayContent(body);
        }
        else if (body is null)
        {
            request.Content = new StreamContent(incoming.Body);
        }

        foreach (var (name, values) in incoming.Headers)
        {
            if (HopByHop.Contains(name) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.Remove("traceparent");
        request.Headers.TryAddWithoutValidation("traceparent", CloudEvents.TraceParent(incoming.Headers.TraceParent));
        request.Headers.TryAddWithoutValidation("dapr-caller-app-id", caller.AppId);
        request.Headers.TryAddWithoutValidation("dapr-callee-app-id", replica.AppId);
        return request;
    }

    /// <summary>The body when it may be sent again: announced with a Content-Length, or absent. Null means streamed.</summary>
    static async Task<byte[]?> RepeatableBodyAsync(HttpContext context)
    {
        var detection = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>();
        if (detection?.CanHaveBody == false)
        {
            return [];
        }

        return context.Request.ContentLength is null ? null : await Api.Http.RequestReader.BodyAsync(context);
    }

    /// <summary>Every piece is passed on as it comes, so that event streams arrive at once.</summary>
    static async Task CopyAsync(HttpResponseMessage response, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!HopByHop.Contains(name))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        await context.Response.StartAsync(cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                await context.Response.Body.FlushAsync(cancellationToken);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
