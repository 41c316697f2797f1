using System.Net;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Gateway.Exports;
using Forewarn.Gateway.Proxy;
using Forewarn.Gateway.Security;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.OpenApi;

namespace Forewarn.Gateway.Endpoints;

/// <summary>
/// One complete file of any span: history answers in pages that fit a sidecar, here they become rows of CSV or Parquet while
/// they come in. A file that cannot be completed ends in an aborted connection, never in a file that looks whole.
/// </summary>
static class ExportEndpoint
{
    const string Csv = "text/csv", Parquet = "application/vnd.apache.parquet";

    public static readonly IReadOnlyList<ProxyParameter> Query =
    [
        new("kind", "What to export; default samples") { Values = ["samples", "scores", "incidents"] },
        new("format", "Form of the file; default csv") { Values = ["csv", "parquet"] },
        ProxyParameter.EntityGlob, ProxyParameter.SeriesIds, ProxyParameter.SeriesName, ProxyParameter.Unit, ProxyParameter.Label,
        ProxyParameter.From with { Description = "Unix milliseconds, inclusive; may be absent for incidents", Required = false },
        ProxyParameter.To with { Description = "Unix milliseconds, exclusive; may be absent for incidents", Required = false },
        new("step", "Milliseconds of a step with min, max, mean and count; 0 or absent: values as they were measured", ProxyParameter.Integer),
        ProxyParameter.Cadence, ProxyParameter.Anomalous, ProxyParameter.Status,
    ];

    public static void MapExport(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/export", HandleAsync)
            .WithMetadata(PublicEndpoint.Mark).WithName("export").WithTags("gateway")
            .WithSummary("Samples, verdicts or incidents as one CSV or Parquet file")
            .WithDescription("Streamed, of any size. When it cannot be completed the connection is aborted. Text that a spreadsheet would run begins with ' in CSV.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(static (operation, _, _) =>
            {
                ProxyEndpoints.AddQuery(operation, Query);
                operation.Responses ??= [];
                operation.Responses["200"] = new OpenApiResponse
                {
                    Description = "The file",
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [Csv] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                        [Parquet] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                    },
                };
                return Task.CompletedTask;
            });

    static async Task HandleAsync(HttpContext context, HistoryPages pages, ExportSlots slots, ILogger<ExportSlots> logger)
    {
        ExportRequest request;
        try
        {
            request = ExportRequest.Parse(context.Request.Query.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value))));
        }
        catch (BadExportException bad)
        {
            await TypedResults.ValidationProblem(
                new Dictionary<string, string[]>(StringComparer.Ordinal) { [bad.Field] = [bad.Message] }, detail: bad.Message, title: $"'{bad.Field}' cannot be used").ExecuteAsync(context);
            return;
        }
        if (!slots.TryTake())
        {
            context.Response.Headers.RetryAfter = "10";
            await TypedResults.Problem(
                statusCode: StatusCodes.Status429TooManyRequests, title: "Too many exports at once", detail: $"{ExportSlots.Most} are running; try again when one is done.").ExecuteAsync(context);
            return;
        }
        try
        {
            await ExportAsync(context, request, pages, logger);
        }
        finally
        {
            slots.Return();
        }
    }

    static async Task ExportAsync(HttpContext context, ExportRequest request, HistoryPages pages, ILogger logger)
    {
        var cancellationToken = context.RequestAborted;
        var first = await pages.ReadAsync(request.Question, null, cancellationToken);
        if (first.Status != HttpStatusCode.OK)
        {
            await RefuseAsync(context, first);
            return;
        }
        var written = 0;
        try
        {
            var table = ExportTable.Of(request);
            var next = table.Add(first.Body);
            Begin(context.Response, request);
            // The Parquet writer waits for the last bytes where it ends its file, once.
            if (request.IsParquet && context.Features.Get<IHttpBodyControlFeature>() is { } control)
                control.AllowSynchronousIO = true;
            IExportFile file = request.IsParquet ? new ParquetFile(table.Columns, context.Response.Body) : new CsvFile(table.Columns, context.Response.Body);
            await file.WriteAsync(cancellationToken);
            for (written = 1; next is not null; written++)
            {
                next = table.Add(await pages.ReadOnAsync(request.Question, next, cancellationToken));
                await file.WriteAsync(cancellationToken);
            }
            await file.EndAsync(cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or JsonException || context.Response.HasStarted && !cancellationToken.IsCancellationRequested)
        {
            Log.ExportFailed(logger, written, broken.Message);
            context.Abort();
        }
    }

    static void Begin(HttpResponse response, ExportRequest request)
    {
        response.ContentType = request.IsParquet ? Parquet : $"{Csv}; charset=utf-8; header=present";
        response.Headers.ContentDisposition = $"attachment; filename=\"{request.FileName}\"";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>History's refusals are the caller's; any other answer is that of a sidecar that found nobody.</summary>
    static async Task RefuseAsync(HttpContext context, HistoryPage answer)
    {
        if (answer.ContentType != "application/problem+json")
        {
            context.Response.Headers.RetryAfter = "1";
            await TypedResults.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, title: $"{Apps.History} does not answer", detail: "It may be starting; try again in a moment.").ExecuteAsync(context);
            return;
        }
        context.Response.StatusCode = (int)answer.Status;
        context.Response.ContentType = answer.ContentType;
        if (answer.Status == HttpStatusCode.ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
