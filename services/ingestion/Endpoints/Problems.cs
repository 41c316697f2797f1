using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forewarn.Ingestion;

/// <summary>Refusals as <c>application/problem+json</c>.</summary>
static class Problems
{
    /// <param name="refusal">Field and reason are the title, and stand by themselves too.</param>
    /// <param name="more">Further members.</param>
    public static ProblemHttpResult Of(Refusal refusal, params IEnumerable<KeyValuePair<string, object?>> more) => TypedResults.Problem(
        title: string.Create(CultureInfo.InvariantCulture, $"{refusal.Field} {refusal.Reason}"),
        statusCode: refusal.Status,
        extensions: new Dictionary<string, object?>([new("field", refusal.Field), new("reason", refusal.Reason), .. more], StringComparer.Ordinal));
}
