using System.Net.Sockets;
using DevSidecar.Api;
using Grpc.Core;

namespace DevSidecar.Invocation;

/// <summary>
/// Service invocation over HTTP: bodies stream both ways, replicas take turns. When a connection cannot be made, a request
/// that can be repeated (it has a Content-Length) is tried on the next replica, up to three times a second apart; a
/// chunked request is not, as with daprd.
/// </summary>
sealed class Invoker(AppSidecar caller)
{
    const int Retries = 3;
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
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

        var policy = caller.Runtime.Policies.App(appId);
        var body = await RepeatableBodyAsync(context);
        var most = body is null ? 0 : policy.Retry is { } configured ? configured.MaxRetries : Retries;
        for (var attempt = 0; ; attempt++)
        {
            var replicas = caller.Runtime.Directory.Replicas(appId)
                ?? throw new ApiException(500, StatusCode.Internal, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {appId}, err: couldn't find app id {appId}");
            foreach (var replica in body is null ? replicas.Take(1) : replicas)
            {
                if (await TryAsync(context, replica, target, body, policy.Timeout))
                {
                    return;
                }
            }

            if (most >= 0 && attempt >= most)
            {
                throw new ApiException(500, StatusCode.Internal, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {appId}, err: the app does not accept connections");
            }

            await Task.Delay(policy.Retry?.Delay(attempt) ?? RetryDelay, caller.Time, context.RequestAborted);
        }
    }

    /// <summary>False when no connection could be made, so that nothing has reached the app.</summary>
    async Task<bool> TryAsync(HttpContext context, AppSidecar replica, string target, byte[]? body, TimeSpan? timeout)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (timeout is { } value)
        {
            limit.CancelAfter(value);
        }

        using var request = Request(context, replica, target, body);
        HttpResponseMessage response;
        try
        {
            response = await replica.Channel.SendAsync(request, limit.Token);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException || e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return false;
        }
        catch (HttpRequestException e)
        {
            throw new ApiException(500, StatusCode.Internal, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {replica.AppId}, err: {e.Message}");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new ApiException(500, StatusCode.DeadlineExceeded, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {replica.AppId}, err: timed out");
        }

        using (response)
        {
            await CopyAsync(response, context, context.RequestAborted);
        }

        return true;
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
