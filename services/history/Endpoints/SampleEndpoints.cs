using System.ComponentModel;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Searches;
using Forewarn.History.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.History.Endpoints;

/// <summary>What was measured: for charts, for training and catching up, for exports.</summary>
static class SampleEndpoints
{
    public static void MapSamples(this IEndpointRouteBuilder api)
    {
        api.MapGet("/range", ReadRange).WithName("readRange").WithSummary("Series of one entity on one time axis").ProducesValidationProblem();
        api.MapGet("/raw", ReadRaw).WithName("readRaw").WithSummary("Rows of one entity as they were measured").ProducesValidationProblem();
        api.MapGet("/samples", ReadSamples).WithName("readSamples").WithSummary("Samples of many entities, lossless, page by page").ProducesValidationProblem();
    }

    static async Task<Ok<RangeResult>> ReadRange(
        RangeReader reader, CancellationToken cancellationToken,
        [Description(Texts.Entity)] string? entity = null,
        [Description(Texts.Series + "; may be absent with scores")] string? series = null,
        [Description(Texts.From)] string? from = null,
        [Description(Texts.To)] string? to = null,
        [Description("Milliseconds between points; 0 or absent: the server chooses so that at most 1,000 points come, and 20,000 of all series together")] string? step = null,
        [Description("Score, p and anomalies on the same axis")] string? scores = null)
    {
        var request = RangeRequest.Parse(
            entity, series, QueryText.Number("from", from), QueryText.Number("to", to), QueryText.Number("step", step), QueryText.Flag("scores", scores));
        return TypedResults.Ok(await reader.ReadAsync(request, cancellationToken));
    }

    static async Task<Ok<RawRows>> ReadRaw(
        RawReader reader, CancellationToken cancellationToken,
        [Description(Texts.Entity)] string? entity = null,
        [Description(Texts.From)] string? from = null,
        [Description(Texts.To)] string? to = null,
        [Description("Rows at most: 1 to 10,000, default 1,000; an instant is never cut")] string? limit = null)
    {
        var (start, end) = RangeRequest.ParseSpan(QueryText.Number("from", from), QueryText.Number("to", to));
        var count = Required.Limit(QueryText.Number("limit", limit), 1000, 10_000);
        return TypedResults.Ok(await reader.ReadAsync(Required.Entity(entity), start, end, count, cancellationToken));
    }

    static async Task<Ok<SamplePage>> ReadSamples(
        SampleReader reader, CancellationToken cancellationToken,
        [Description(Texts.EntityGlob)] string? entity = null,
        [Description(Texts.Series)] string? series = null,
        [Description(Texts.Name)] string? name = null,
        [Description(Texts.Unit)] string? unit = null,
        [Description(Texts.Label)] string[]? label = null,
        [Description(Texts.From)] string? from = null,
        [Description(Texts.To)] string? to = null,
        [Description("Milliseconds of a step with min, max, mean and count; 0 or absent: values as they were measured")] string? step = null,
        [Description(Texts.Cursor)] string? cursor = null,
        [Description("Rows at most: 1 to 50,000; a page also ends below 2 MiB, and an instant is never cut")] string? limit = null)
    {
        var request = SampleRequest.Parse(
            SeriesFilter.Parse(entity, name, unit, label, series), QueryText.Number("from", from), QueryText.Number("to", to), QueryText.Number("step", step),
            QueryText.Number("limit", limit));
        SampleCursor? after = null;
        if (cursor is not null)
            after = SampleCursor.TryParse(cursor, out var parsed) ? parsed : throw Paging.BadCursor();
        return TypedResults.Ok(await reader.ReadAsync(request, after, cancellationToken));
    }
}
