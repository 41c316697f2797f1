using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>An app that dies step by step: nobody listens any more, its call breaks off, and only then the sidecar sees that it is gone.</summary>
public sealed class DyingAppTests
{
    [Fact]
    public async Task A_binding_whose_app_dies_over_an_event_goes_on_when_it_is_back()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var connections = new ConcurrentBag<TcpClient>();
        var died = new TaskCompletionSource();
        _ = AcceptAsync();
        await using var world = await World.StartAsync(Components.Component("tick", "bindings.cron/v1", ("schedule", "@every 1s")));
        await world.AddEarlyAsync("clock", port);
        await died.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Eventually.TrueAsync(() => world.Runtime.Describe().Apps.Single().State == DevSidecar.AppSidecarState.AppLost, "the loss is noticed");

        await using var app = await ProbeApp.StartAsync((p, a) => a.MapPost("/tick", async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.Ok()), port: port);
        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Method == "POST"), "ticks come again");

        async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptTcpClientAsync();
                    connections.Add(client);
                    _ = ServeAsync(client);
                }
            }
            catch (SocketException)
            {
                // Nobody listens any more.
            }
        }

        async Task ServeAsync(TcpClient client)
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            while (await reader.ReadLineAsync() is { } request)
            {
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    // Headers; none of these requests has a body.
                }

                if (request.StartsWith("POST", StringComparison.Ordinal))
                {
                    listener.Stop();
                    client.Close();
                    // Within the 200 ms in which the delivery waits for the monitor.
                    await Task.Delay(100);
                    connections.ToList().ForEach(c => c.Close());
                    died.TrySetResult();
                    return;
                }

                var status = request.StartsWith("OPTIONS", StringComparison.Ordinal) ? "405 Method Not Allowed" : "404 Not Found";
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
            }
        }
    }
}
