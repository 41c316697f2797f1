using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DevSidecar.Admin;

/// <summary>The listener of the admin page, on 127.0.0.1 only.</summary>
sealed class AdminServer : IAsyncDisposable
{
    readonly WebApplication _app;

    AdminServer(WebApplication app)
    {
        _app = app;
        Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public Uri Address { get; }

    /// <exception cref="SidecarConfigurationException">The port is taken.</exception>
    public static async Task<AdminServer> StartAsync(SidecarRuntime runtime, int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Listen(IPAddress.Loopback, port, l => l.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var api = new AdminApi(runtime);
        app.Run(api.HandleAsync);
        try
        {
            await app.StartAsync(cancellationToken);
            return new(app);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new SidecarConfigurationException($"the admin page cannot listen on port {port}: {e.Message} Choose another port or stop who uses it.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }
}
