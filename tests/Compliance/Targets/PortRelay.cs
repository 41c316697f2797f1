using System.Net;
using System.Net.Sockets;

namespace Forewarn.Compliance;

/// <summary>Lets an app answer on a second port, as long as it is not disposed.</summary>
sealed class PortRelay : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly CancellationTokenSource _stop = new();
    readonly Task _run;
    readonly int _to;

    public PortRelay(int from, int to)
    {
        (_listener, _to) = (new(IPAddress.Loopback, from), to);
        _listener.Start();
        _run = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        // Not before: a connection may have come meanwhile, and the next one is waited for, which a closed listener does not bear.
        _listener.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    async Task RelayAsync(TcpClient incoming)
    {
        using var outgoing = new TcpClient();
        using (incoming)
        {
            try
            {
                await outgoing.ConnectAsync(IPAddress.Loopback, _to, _stop.Token);
                var (left, right) = (incoming.GetStream(), outgoing.GetStream());
                await Task.WhenAny(left.CopyToAsync(right, _stop.Token), right.CopyToAsync(left, _stop.Token)).Unwrap();
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // Either side has gone; so does the connection.
            }
        }
    }
}
