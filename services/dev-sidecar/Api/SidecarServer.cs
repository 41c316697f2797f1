using DevSidecar.Api.Grpc;
using DevSidecar.Api.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DevSidecar.Api;

/// <summary>The two listeners of one logical sidecar, on loopback only: HTTP/1.1 and gRPC over cleartext HTTP/2.</summary>
sealed class SidecarServer : IAsyncDisposable
{
    readonly WebApplication _app;

    SidecarServer(WebApplication app, int httpPort, int grpcPort) => (_app, HttpPort, GrpcPort) = (app, httpPort, grpcPort);

    public int HttpPort { get; }

    public int GrpcPort { get; }

    public static async Task<SidecarServer> StartAsync(AppSidecar sidecar, AppRegistration registration, ILogger logger, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var http = registration.HttpPort > 0 ? registration.HttpPort : FreePorts.Next();
            var grpc = registration.GrpcPort > 0 ? registration.GrpcPort : FreePorts.Next();
            var app = Build(sidecar, http, grpc, logger);
            try
            {
                await app.StartAsync(cancellationToken);
                return new(app, http, grpc);
            }
            catch (IOException e)
            {
                await app.DisposeAsync();
                // A port picked here may have been taken meanwhile; a port that was asked for stays taken.
                if (attempt == 5 || (registration.HttpPort > 0 && registration.GrpcPort > 0))
                {
                    throw new SidecarConfigurationException(
                        $"the sidecar of '{registration.AppId}' cannot listen on HTTP port {http} and gRPC port {grpc}: {e.Message} Choose other ports or stop who uses them.", e);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    static WebApplication Build(AppSidecar sidecar, int httpPort, int grpcPort, ILogger logger)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        var maxBody = sidecar.Runtime.Options.MaxBodyBytes;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = maxBody;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenLocalhost(httpPort, l => l.Protocols = HttpProtocols.Http1);
            kestrel.ListenLocalhost(grpcPort, l => l.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(sidecar);
        builder.Services.AddSingleton<DaprGrpcService>();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = maxBody;
            grpc.MaxSendMessageSize = null;
            grpc.Interceptors.Add<GrpcErrors>(sidecar);
        });
        var app = builder.Build();
        var http = new HttpApi(sidecar, logger);
        app.UseWhen(c => c.Connection.LocalPort == httpPort, branch => branch.Run(http.HandleAsync));
        app.UseRouting();
        app.MapGrpcService<DaprGrpcService>();
        return app;
    }
}
