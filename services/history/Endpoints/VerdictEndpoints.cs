using System.ComponentModel;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Searches;
using Forewarn.History.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.History.Endpoints;

/// <summary>What was thought of it: verdicts and incidents.</summary>
static class VerdictEndpoints
{
    public static void MapVerdicts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/predictions", ListPredictions).WithName("listPredictions").WithSummary("Verdicts by time").ProducesValidationProblem();
        api.MapGet("/incidents", ListIncidents).WithName("listIncidents").WithSummary("Incidents, newest first").ProducesValidationProblem();
        api.MapGet("/incidents/{id}", FindIncident).WithName("findIncident").WithSummary("One incident in its newest revision").ProducesProblem(StatusCodes.Status404NotFound);
    }

    static async Task<Ok<Page<PredictionInfo>>> ListPredictions(
        PredictionReader reader, CancellationToken cancellationToken,
        [Description("Name from /v1/entities; all when absent")] string? entity = null,
        [Description(Texts.From)] string? from = null,
        [Description(Texts.To)] string? to = null,
        [Description("Milliseconds between ticks; all cadences when absent")] string? cadence = null,
        [Description("Only ticks inside an open decision")] string? anomalous = null,
        [Description("Which come first; default newest")] string? order = null,
        [Description(Texts.Cursor)] string? cursor = null,
        [Description("1 to 5,000, default 500")] string? limit = null)
    {
        var count = Required.Limit(QueryText.Number("limit", limit), 500, 5000);
        var request = PredictionRequest.Parse(
            entity, QueryText.Number("from", from), QueryText.Number("to", to), QueryText.Number("cadence", cadence), QueryText.Flag("anomalous", anomalous), order);
        PredictionCursor? after = null;
        if (cursor is not null)
            after = PredictionCursor.TryParse(cursor, out var parsed) ? parsed : throw Paging.BadCursor();
        var found = await reader.ReadAsync(request, after, count + 1, cancellationToken);
        var cursors = CursorsOf(found, after);
        return TypedResults.Ok(Paging.Of([.. found.Select(one => one.Info)], count, ContractJson.Default.PredictionInfo, (int index) => cursors[index].ToString()));
    }

    /// <summary>Two replicas may have judged the same tick: rows that look alike to the cursor are counted.</summary>
    static List<PredictionCursor> CursorsOf(List<StoredPrediction> found, PredictionCursor? after)
    {
        var cursors = new List<PredictionCursor>(found.Count);
        var last = after;
        foreach (var (entity, info) in found)
        {
            var alike = last is { } before && (before.T, before.Entity, before.CadenceMs) == (info.T, entity, info.CadenceMs);
            var cursor = new PredictionCursor(info.T, entity, info.CadenceMs, alike ? last!.Value.Repeats + 1 : 1);
            cursors.Add(cursor);
            last = cursor;
        }
        return cursors;
    }

    static async Task<Ok<Page<IncidentEvent>>> ListIncidents(
        IncidentStore store, CancellationToken cancellationToken,
        [Description("One that they concern, first or as a symptom; all when absent")] string? entity = null,
        [Description("open, acknowledged, resolved; several separated by commas; all when absent")] string? status = null,
        [Description("Unresolved at this time or later; unix milliseconds")] string? from = null,
        [Description("Opened before this time; unix milliseconds")] string? to = null,
        [Description(Texts.Cursor)] string? cursor = null,
        [Description("1 to 500, default 100")] string? limit = null)
    {
        var count = Required.Limit(QueryText.Number("limit", limit), 100, 500);
        var span = RangeRequest.ParseOpenSpan(QueryText.Number("from", from), QueryText.Number("to", to));
        IncidentCursor? after = null;
        if (cursor is not null)
            after = IncidentCursor.TryParse(cursor, out var parsed) ? parsed : throw Paging.BadCursor();
        var incidents = await store.ListAsync(entity is null ? null : Required.Entity(entity), ParseStatuses(status), span, after, count + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(
            incidents, count, ContractJson.Default.IncidentEvent, (IncidentEvent incident) => new IncidentCursor(incident.OpenedAt, incident.Id).ToString()));
    }

    static async Task<Results<Ok<IncidentEvent>, ProblemHttpResult>> FindIncident(IncidentStore store, string id, CancellationToken cancellationToken) =>
        !id.Contains('\0', StringComparison.Ordinal) && await store.FindAsync(id, cancellationToken) is { } incident
            ? TypedResults.Ok(incident)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such incident");

    static List<IncidentStatus> ParseStatuses(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => word switch
        {
            "open" => IncidentStatus.Open,
            "acknowledged" => IncidentStatus.Acknowledged,
            "resolved" => IncidentStatus.Resolved,
            _ => throw new BadRequestException("status", "status must be open, acknowledged or resolved, or several of them separated by commas."),
        })];
}
