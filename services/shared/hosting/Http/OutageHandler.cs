using System.Net.Sockets;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Hosting;

/// <summary>An outage answers 503 with Retry-After; malformed input answers 400; anything else is a bug and answers 500. Never 404 for an outage.</summary>
static class OutageHandler
{
    public static ExceptionHandlerOptions Options => new()
    {
        ExceptionHandler = WriteAsync,
        // What somebody sent is no error of ours.
        SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException,
    };

    static async Task WriteAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var (status, title) = Classify(error);
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        await context.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new()
        {
            HttpContext = context,
            ProblemDetails = error is BadHttpRequestException { InnerException: JsonException json }
                ? Unreadable(json, status, title)
                : new ProblemDetails { Status = status, Title = title, Detail = status < 500 ? error?.Message : null },
        });
    }

    /// <summary>The reader's own words name types that nobody outside knows.</summary>
    static HttpValidationProblemDetails Unreadable(JsonException json, int status, string title)
    {
        var field = json.Path ?? "$";
        return new(new Dictionary<string, string[]> { [field] = ["is missing, unknown, or no value of the kind that belongs there"] })
        {
            Status = status,
            Title = title,
            Detail = $"The body cannot be read at {field}.",
        };
    }

    static (int Status, string Title) Classify(Exception? error) => error switch
    {
        BadHttpRequestException bad => (bad.StatusCode, "The request cannot be read"),
        JsonException => (StatusCodes.Status400BadRequest, "The body is not valid JSON"),
        RpcException or HttpRequestException or SocketException or TimeoutException or NotReadyException or Dapr.DaprException =>
            (StatusCodes.Status503ServiceUnavailable, "A part that this request needs does not answer; try again"),
        _ => (StatusCodes.Status500InternalServerError, "An error that is ours"),
    };
}
