using System.ComponentModel;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Searches;
using Forewarn.History.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.History.Endpoints;

/// <summary>What there is: entities, series, newest values.</summary>
static class CatalogEndpoints
{
    public static void MapCatalog(this IEndpointRouteBuilder api)
    {
        api.MapGet("/entities", ListEntities).WithName("listEntities").WithSummary("Entities by name").ProducesValidationProblem();
        api.MapGet("/series", ListSeries).WithName("listSeries").WithSummary("Series by entity and id, sought by name, unit and labels").ProducesValidationProblem();
        api.MapGet("/latest", ListLatest).WithName("listLatest").WithSummary("Newest measured values by entity and series id").ProducesValidationProblem();
    }

    static async Task<Ok<Page<EntityInfo>>> ListEntities(
        EntityReader reader, CancellationToken cancellationToken,
        [Description(Texts.EntityGlob)] string? entity = null,
        [Description(Texts.Since)] string? since = null,
        [Description(Texts.Cursor)] string? cursor = null,
        [Description("1 to 1,000, default 200")] string? limit = null)
    {
        var count = Required.Limit(QueryText.Number("limit", limit), 200, 1000);
        if (cursor?.Contains('\0', StringComparison.Ordinal) == true)
            throw Paging.BadCursor();
        var entities = await reader.ListEntitiesAsync(SeriesFilter.Parse(entity).Entity, Since(since), cursor ?? "", count + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(entities, count, ContractJson.Default.EntityInfo, one => one.Entity));
    }

    static async Task<Ok<Page<SeriesInfo>>> ListSeries(
        EntityReader reader, CancellationToken cancellationToken,
        [Description(Texts.EntityGlob)] string? entity = null,
        [Description(Texts.Name)] string? name = null,
        [Description(Texts.Unit)] string? unit = null,
        [Description(Texts.Label)] string[]? label = null,
        [Description(Texts.Since)] string? since = null,
        [Description(Texts.Cursor)] string? cursor = null,
        [Description("1 to 1,000, default 500")] string? limit = null)
    {
        var count = Required.Limit(QueryText.Number("limit", limit), 500, 1000);
        var filter = SeriesFilter.Parse(entity, name, unit, label);
        var series = await reader.ListSeriesAsync(filter, Since(since), Cursor(cursor), count + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(series, count, ContractJson.Default.SeriesInfo, one => new SeriesCursor(one.Entity, one.Id).ToString()));
    }

    static async Task<Ok<Page<LatestValue>>> ListLatest(
        LatestReader reader, CancellationToken cancellationToken,
        [Description(Texts.EntityGlob)] string? entity = null,
        [Description(Texts.Series)] string? series = null,
        [Description(Texts.Name)] string? name = null,
        [Description(Texts.Unit)] string? unit = null,
        [Description(Texts.Label)] string[]? label = null,
        [Description(Texts.Cursor)] string? cursor = null,
        [Description("1 to 1,000, default 500")] string? limit = null)
    {
        var count = Required.Limit(QueryText.Number("limit", limit), 500, 1000);
        var filter = SeriesFilter.Parse(entity, name, unit, label, series);
        var values = await reader.ReadAsync(filter, Cursor(cursor), count + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(values, count, ContractJson.Default.LatestValue, one => new SeriesCursor(one.Entity, one.Id).ToString()));
    }

    static SeriesCursor Cursor(string? text) =>
        text is null ? SeriesCursor.Start : SeriesCursor.TryParse(text, out var cursor) ? cursor : throw Paging.BadCursor();

    static long? Since(string? text) => QueryText.Number("since", text) is not { } since ? null
        : since is >= 0 and <= RangeRequest.LastMs ? since
        : throw new BadRequestException("since", "since must be unix milliseconds; 0 lists all that is kept.");
}
