using System.ComponentModel;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.History.Endpoints;

/// <summary>What was said before it happened, and what became of it.</summary>
static class LeadTimeEndpoints
{
    const string SaidFrom = "Said at this time or later; unix milliseconds";
    const string SaidTo = "Said before this time; unix milliseconds";

    public static void MapLeadTimes(this IEndpointRouteBuilder api)
    {
        api.MapGet("/lead-times", ListLeadTimes).WithName("listLeadTimes").WithSummary("Predictions that were told and their outcome, newest first").ProducesValidationProblem();
        api.MapGet("/lead-times/summary", SummariseLeadTimes).WithName("summariseLeadTimes").WithSummary("How predictions fared: calibration, precision, seconds earned").ProducesValidationProblem();
    }

    static async Task<Ok<Page<LeadTime>>> ListLeadTimes(
        LeadTimeReader reader, CancellationToken cancellationToken,
        [Description("All entities when absent")] string? entity = null,
        [Description("pending, confirmed, averted, expired; several separated by commas; all when absent")] string? outcome = null,
        [Description(SaidFrom)] string? from = null,
        [Description(SaidTo)] string? to = null,
        [Description(Texts.Cursor)] string? cursor = null,
        [Description("1 to 1,000, default 200")] string? limit = null)
    {
        var count = Required.Limit(QueryText.Number("limit", limit), 200, 1000);
        var span = RangeRequest.ParseOpenSpan(QueryText.Number("from", from), QueryText.Number("to", to));
        LeadTimeCursor? after = null;
        if (cursor is not null)
            after = LeadTimeCursor.TryParse(cursor, out var parsed) && !cursor.Contains('\0', StringComparison.Ordinal) ? parsed : throw Paging.BadCursor();
        var lines = await reader.ListAsync(entity is null ? null : Required.Entity(entity), ParseOutcomes(outcome), span, after, count + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(
            lines, count, ContractJson.Default.LeadTime, (LeadTime line) => new LeadTimeCursor(line.Prediction.SaidAt, line.Incident).ToString()));
    }

    static async Task<Ok<LeadTimeSummary>> SummariseLeadTimes(
        LeadTimeReader reader, CancellationToken cancellationToken,
        [Description(SaidFrom)] string? from = null,
        [Description(SaidTo)] string? to = null) =>
        TypedResults.Ok(await reader.SummariseAsync(RangeRequest.ParseOpenSpan(QueryText.Number("from", from), QueryText.Number("to", to)), cancellationToken));

    static List<PredictionOutcome> ParseOutcomes(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => word switch
        {
            "pending" => PredictionOutcome.Pending,
            "confirmed" => PredictionOutcome.Confirmed,
            "averted" => PredictionOutcome.Averted,
            "expired" => PredictionOutcome.Expired,
            _ => throw new BadRequestException("outcome", "outcome must be pending, confirmed, averted or expired, or several of them separated by commas."),
        })];
}
