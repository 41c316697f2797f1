using Forewarn.Alerting.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Alerting;

static class IncidentEndpoints
{
    public static void MapIncidents(this IEndpointRouteBuilder routes)
    {
        var incidents = routes.MapGroup("/v1/incidents").WithTags("Incidents");
        incidents.MapPost("/{id}/acknowledge", AcknowledgeAsync).WithSummary("Marks an open incident as taken on");
    }

    static async Task<Results<NoContent, ProblemHttpResult>> AcknowledgeAsync(
        string id, IncidentDirectory incidents, CancellationToken cancellationToken)
    {
        if (Fingerprint.FromIncidentId(id) is not { } fingerprint)
            return TypedResults.Problem($"'{id}' is not an incident id.", statusCode: StatusCodes.Status400BadRequest, title: "Bad incident id");
        return await incidents.AcknowledgeAsync(fingerprint, id, cancellationToken)
            ? TypedResults.NoContent()
            : TypedResults.Problem($"Incident {id} is not open.", statusCode: StatusCodes.Status409Conflict, title: "Not open");
    }
}
