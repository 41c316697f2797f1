using Forewarn.Alerting.Budgets;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Alerting;

static class BudgetEndpoints
{
    const long WeekMs = 7 * 86_400_000L;

    /// <summary><c>/v1/budgets</c>: how many notifications about normal behaviour are accepted, and how that is used.</summary>
    public static void MapBudgets(this IEndpointRouteBuilder routes)
    {
        var budgets = routes.MapGroup("/v1/budgets").WithTags("Budgets");
        budgets.MapGet("", ListAsync).WithSummary("False-alarm budgets and their use over the last seven days");
        budgets.MapGet("shares", Shares).WithSummary("What each entity may use of them, for predictors");
    }

    static async Task<Ok<Page<BudgetInfo>>> ListAsync(BudgetKeeper keeper, PastIncidents history, TimeProvider time, CancellationToken cancellationToken)
    {
        var split = await keeper.SplitAsync(cancellationToken);
        if (split.Count == 0)
            return TypedResults.Ok(new Page<BudgetInfo>([]));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var incidents = await history.OpenedAsync(now - WeekMs, now + 1, cancellationToken);
        // What is said of an incident is said after it opened.
        var feedback = await history.FeedbackAsync(now - WeekMs, cancellationToken);
        return TypedResults.Ok(new Page<BudgetInfo>(BudgetCount.Used(split, incidents, feedback)));
    }

    static Results<Ok<BudgetShares>, ProblemHttpResult> Shares(BudgetKeeper keeper) => keeper.Shares is { } shares
        ? TypedResults.Ok(shares)
        : TypedResults.Problem("History may be starting; ask again.", title: "The entities of the budgets have not been counted yet", statusCode: StatusCodes.Status503ServiceUnavailable);
}
