namespace Forewarn.History.Endpoints;

/// <summary>What other services ask through their sidecars, and people through the gateway.</summary>
static class HistoryApi
{
    public static void MapHistoryApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        var api = routes.MapGroup("/v1").WithTags("history").AddEndpointFilter<RouteGroupBuilder, ProblemFilter>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapCatalog();
        api.MapSamples();
        api.MapVerdicts();
        api.MapLeadTimes();
    }
}
