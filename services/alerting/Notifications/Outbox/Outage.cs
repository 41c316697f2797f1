using System.Net.Sockets;
using Dapr;
using Grpc.Core;

namespace Forewarn.Alerting.Notifications;

/// <summary>Tells an outage, which is waited out, from a mistake of ours.</summary>
static class Outage
{
    public static bool Is(Exception error) => error is DaprException or HttpRequestException or RpcException or SocketException or TimeoutException or OperationCanceledException;
}
