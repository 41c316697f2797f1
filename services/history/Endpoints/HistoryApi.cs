using System.ComponentModel;
using System.Globalization;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.History.Endpoints;

/// <summary>What other services ask through their sidecars.</summary>
static class HistoryApi
{
    public static void MapHistoryApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        var api = routes.MapGroup("/v1").WithTags("history").AddEndpointFilter<RouteGroupBuilder, ProblemFilter>()
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/entities", ListEntities).WithSummary("Entities by name");
        api.MapGet("/series", ListSeries).WithSummary("Series by entity and id");
        api.MapGet("/range", ReadRange).WithSummary("Series of one entity on one time axis");
        api.MapGet("/raw", ReadRaw).WithSummary("Rows of one entity as they were measured");
        api.MapGet("/incidents", ListIncidents).WithSummary("Incidents, newest first");
        api.MapGet("/incidents/{id}", FindIncident).WithSummary("One incident in its newest revision");
    }

    static async Task<Ok<Page<EntityInfo>>> ListEntities(
        EntityReader reader, CancellationToken cancellationToken,
        [Description("'next' of the page before")] string? cursor = null,
        [Description("1 to 1,000, default 200")] string? limit = null)
    {
        var count = Required.Limit(Number("limit", limit), 200, 1000);
        if (cursor?.Contains('\0', StringComparison.Ordinal) == true)
            throw Paging.BadCursor();
        var entities = await reader.ListEntitiesAsync(cursor ?? "", count + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(entities, count, ContractJson.Default.EntityInfo, entity => entity.Entity));
    }

    static async Task<Ok<Page<SeriesInfo>>> ListSeries(
        EntityReader reader, CancellationToken cancellationToken,
        [Description("All entities when absent")] string? entity = null,
        [Description("Beginning of the series' name")] string? name = null,
        [Description("'next' of the page before")] string? cursor = null,
        [Description("1 to 1,000, default 500")] string? limit = null)
    {
        var count = Required.Limit(Number("limit", limit), 500, 1000);
        var after = SeriesCursor.Start;
        if (cursor is not null && !SeriesCursor.TryParse(cursor, out after))
            throw Paging.BadCursor();
        var series = await reader.ListSeriesAsync(entity is null ? null : Required.Entity(entity), name, after, count + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(series, count, ContractJson.Default.SeriesInfo, one => new SeriesCursor(one.Entity, one.Id).ToString()));
    }

    static async Task<Ok<RangeResult>> ReadRange(
        RangeReader reader, CancellationToken cancellationToken,
        [Description("Name from /v1/entities")] string? entity = null,
        [Description("Up to 50 series ids, separated by commas")] string? series = null,
        [Description("Unix milliseconds, inclusive")] string? from = null,
        [Description("Unix milliseconds, exclusive")] string? to = null,
        [Description("Milliseconds between points; 0 or absent: the server chooses so that at most 1,000 points come")] string? step = null,
        [Description("Score, p and anomalies on the same axis")] string? scores = null)
    {
        var request = RangeRequest.Parse(entity, series, Number("from", from), Number("to", to), Number("step", step), Flag("scores", scores));
        return TypedResults.Ok(await reader.ReadAsync(request, cancellationToken));
    }

    static async Task<Ok<RawRows>> ReadRaw(
        RawReader reader, CancellationToken cancellationToken,
        [Description("Name from /v1/entities")] string? entity = null,
        [Description("Unix milliseconds, inclusive")] string? from = null,
        [Description("Unix milliseconds, exclusive")] string? to = null,
        [Description("Rows at most: 1 to 10,000, default 1,000; an instant is never cut")] string? limit = null)
    {
        var (start, end) = RangeRequest.ParseSpan(Number("from", from), Number("to", to));
        return TypedResults.Ok(await reader.ReadAsync(Required.Entity(entity), start, end, Required.Limit(Number("limit", limit), 1000, 10_000), cancellationToken));
    }

    static async Task<Ok<Page<IncidentEvent>>> ListIncidents(
        IncidentStore store, CancellationToken cancellationToken,
        [Description("All entities when absent")] string? entity = null,
        [Description("open, acknowledged, resolved; several separated by commas; all when absent")] string? status = null,
        [Description("'next' of the page before")] string? cursor = null,
        [Description("1 to 500, default 100")] string? limit = null)
    {
        var count = Required.Limit(Number("limit", limit), 100, 500);
        IncidentCursor? after = null;
        if (cursor is not null)
            after = IncidentCursor.TryParse(cursor, out var parsed) ? parsed : throw Paging.BadCursor();
        var incidents = await store.ListAsync(entity is null ? null : Required.Entity(entity), ParseStatuses(status), after, count + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(
            incidents, count, ContractJson.Default.IncidentEvent, incident => new IncidentCursor(incident.OpenedAt, incident.Id).ToString()));
    }

    static async Task<Results<Ok<IncidentEvent>, ProblemHttpResult>> FindIncident(IncidentStore store, string id, CancellationToken cancellationToken) =>
        !id.Contains('\0', StringComparison.Ordinal) && await store.FindAsync(id, cancellationToken) is { } incident
            ? TypedResults.Ok(incident)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such incident");

    static long? Number(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadRequestException(field, $"{field} must be a whole number.");
    }

    static bool Flag(string field, string? text) => text switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => throw new BadRequestException(field, $"{field} must be true or false."),
    };

    static List<IncidentStatus> ParseStatuses(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => word switch
        {
            "open" => IncidentStatus.Open,
            "acknowledged" => IncidentStatus.Acknowledged,
            "resolved" => IncidentStatus.Resolved,
            _ => throw new BadRequestException("status", "status must be open, acknowledged or resolved, or several of them separated by commas."),
        })];
}
