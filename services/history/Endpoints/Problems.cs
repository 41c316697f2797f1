using Forewarn.History.Ranges;
using Forewarn.History.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.History.Endpoints;

/// <summary>Turns what went wrong into a problem document: the caller's fault names the field, an outage says to come again.</summary>
sealed class ProblemFilter(StorageState state) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            state.EnsureMigrated();
            return await next(context);
        }
        catch (BadRequestException bad)
        {
            return Refuse(bad);
        }
        catch (Exception error) when (StorageState.IsOutage(error))
        {
            state.Failed(error);
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return TypedResults.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, title: "The database does not answer", detail: "History cannot reach PostgreSQL; try again.");
        }
    }

    static ValidationProblem Refuse(BadRequestException bad) => TypedResults.ValidationProblem(
        new Dictionary<string, string[]>(StringComparer.Ordinal) { [bad.Field] = [bad.Message] }, detail: bad.Message, title: $"'{bad.Field}' cannot be used");
}
