using Grpc.Core;

namespace Forewarn.Alerting;

/// <summary>What an exception from the sidecar or a service behind it means.</summary>
static class Outages
{
    /// <summary>Somebody does not answer now; the same call may succeed later.</summary>
    public static bool IsOutage(Exception error, CancellationToken stopping) =>
        error is RpcException or HttpRequestException or Dapr.DaprException or TimeoutException
        || error is TaskCanceledException && !stopping.IsCancellationRequested;
}
