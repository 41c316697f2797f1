using Grpc.Core;

namespace Forewarn.Trainer;

/// <summary>What an exception from the sidecar or a service behind it means.</summary>
static class Outages
{
    /// <summary>Somebody does not answer now; the same call may succeed later.</summary>
    public static bool IsOutage(Exception error) => error is RpcException or HttpRequestException or Dapr.DaprException or TimeoutException;

    /// <summary>A sentence for a person.</summary>
    public static string Describe(Exception error) => error switch
    {
        HttpRequestException { StatusCode: { } status } => $"A service answers {(int)status}: {error.Message}",
        HttpRequestException => $"A service does not answer: {error.Message}",
        RpcException rpc => $"The sidecar refuses: {rpc.Status.Detail}",
        Dapr.DaprException { InnerException: RpcException rpc } => $"The sidecar refuses: {rpc.Status.Detail}",
        _ => error.Message,
    };
}
