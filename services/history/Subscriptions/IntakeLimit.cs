using System.Threading.RateLimiting;

namespace Forewarn.History.Subscriptions;

/// <summary>
/// How many deliveries are read and stored at once, per topic: a quarter of the connections, so that a topic which PostgreSQL
/// holds up leaves some to the others and to questions. As many wait unread; the rest is refused and stays at the broker.
/// </summary>
static class IntakeLimit
{
    public const string Policy = "intake";

    public static void AddIntakeLimit(this IServiceCollection services, HistoryOptions options)
    {
        var most = MostAtOnce(options);
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
            limiter.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.RequestServices.GetRequiredService<Telemetry>().Refused(rejected.HttpContext.Request.Path.Value!);
                return ValueTask.CompletedTask;
            };
            limiter.AddPolicy(Policy, context => RateLimitPartition.GetConcurrencyLimiter(
                context.Request.Path.Value, _ => new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = most }));
        });
    }

    public static int MostAtOnce(HistoryOptions options) => Math.Max(1, options.MaxConnections / 4);
}
