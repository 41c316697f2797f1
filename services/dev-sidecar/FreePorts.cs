using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace DevSidecar;

/// <summary>
/// Free loopback ports for who listens later. They come from below the range that systems draw ports for outgoing connections
/// from: a port of that range may be taken by any connection between now and the moment somebody binds it. No port is handed
/// out twice in one process.
/// </summary>
public static class FreePorts
{
    const int First = 20000, Last = 32000;

    static readonly Lock Gate = new();
    static readonly HashSet<int> HandedOut = [];
    static readonly Lazy<bool> HasIPv6Loopback = new(() => Socket.OSSupportsIPv6 && NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(card => card.GetIPProperties().UnicastAddresses).Any(address => address.Address.Equals(IPAddress.IPv6Loopback)));

    static int _next = Random.Shared.Next(Last - First);

    /// <summary>One free port, none of <paramref name="except"/>.</summary>
    /// <exception cref="InvalidOperationException">Every port of the range is taken.</exception>
    public static int Next(params ReadOnlySpan<int> except)
    {
        lock (Gate)
        {
            for (var tried = 0; tried < Last - First; tried++)
            {
                var port = First + (_next++ % (Last - First));
                if (!except.Contains(port) && !HandedOut.Contains(port) && IsFree(port))
                {
                    HandedOut.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No port from {First} to {Last} is free on 127.0.0.1. End what holds them.");
    }

    /// <summary>Whether somebody can listen on the port now, on every loopback address there is.</summary>
    public static bool IsFree(int port) => CanBind(IPAddress.Loopback, port) && (!HasIPv6Loopback.Value || CanBind(IPAddress.IPv6Loopback, port));

    static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
