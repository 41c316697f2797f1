using System.Net;
using System.Net.Sockets;

namespace DevSidecar.Cli;

static class FreePorts
{
    /// <summary>Different free loopback ports: all are held until the last is found.</summary>
    public static IReadOnlyList<int> Pick(int count)
    {
        var held = new List<TcpListener>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                held.Add(listener);
                listener.Start();
            }

            return held.ConvertAll(l => ((IPEndPoint)l.LocalEndpoint).Port);
        }
        finally
        {
            held.ForEach(l => l.Dispose());
        }
    }
}
