using System.IO.Compression;
using System.IO.Pipelines;
using Forewarn.Gateway.Exposition;
using Forewarn.Gateway.Security;
using Microsoft.Net.Http.Headers;

namespace Forewarn.Gateway.Endpoints;

/// <summary><c>/metrics</c>: scores, forecasts and incidents for Prometheus. Its contract is docs/prometheus.md.</summary>
static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, HandleAsync).WithMetadata(PublicEndpoint.ForPrograms).ExcludeFromDescription();

    static async Task HandleAsync(HttpContext context, MetricsPage page)
    {
        ExpositionRequest request;
        try
        {
            request = ExpositionRequest.Parse(context.Request.Query.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value))));
        }
        catch (BadScrapeException bad)
        {
            await TypedResults.ValidationProblem(
                new Dictionary<string, string[]>(StringComparer.Ordinal) { [bad.Field] = [bad.Message] }, detail: bad.Message, title: $"'{bad.Field}' cannot be used").ExecuteAsync(context);
            return;
        }
        var headers = context.Request.GetTypedHeaders();
        var format = ExpositionFormat.Choose(headers.Accept);
        var response = context.Response;
        response.ContentType = format.ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (!TakesGzip(headers.AcceptEncoding))
        {
            await page.WriteAsync(response.BodyWriter, format, request, context.RequestAborted);
            return;
        }
        response.Headers.ContentEncoding = "gzip";
        await using var packed = new GZipStream(response.Body, CompressionLevel.Fastest);
        var output = PipeWriter.Create(packed, new StreamPipeWriterOptions(leaveOpen: true));
        await page.WriteAsync(output, format, request, context.RequestAborted);
        await output.CompleteAsync();
    }

    static bool TakesGzip(IList<StringWithQualityHeaderValue> accepted) =>
        accepted.Any(one => one.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);
}
