using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Forewarn.Ingestion;

/// <summary>
/// The ports that OpenTelemetry's programs send to unless told otherwise. Often a collector has them already; then there is no listener
/// here, and the service goes on without.
/// </summary>
sealed class OtlpListeners
{
    readonly Dictionary<EndPoint, Socket> _bound = [];
    readonly List<(string Protocol, int Port, string Setting)> _taken = [];

    OtlpListeners(IngestionOptions options)
    {
        var otlp = options.Otlp;
        if (!otlp.Enabled)
            return;
        Grpc = Bind(options.ListenAddress, otlp.GrpcPort, "OTLP/gRPC", "INGESTION__OTLP__GRPCPORT");
        Http = Bind(options.ListenAddress, otlp.HttpPort, "OTLP/HTTP", "INGESTION__OTLP__HTTPPORT");
    }

    /// <summary>Port of OTLP/gRPC; null where there is none.</summary>
    public int? Grpc { get; }

    /// <summary>Port of OTLP/HTTP beside the public listener's; null where there is none.</summary>
    public int? Http { get; }

    public IReadOnlyCollection<int> Ports => [.. new[] { Grpc, Http }.OfType<int>()];

    /// <summary>Takes the ports that are free, so that nobody can come between this look and the server's start.</summary>
    public static OtlpListeners Add(WebApplicationBuilder builder, IngestionOptions options)
    {
        var listeners = new OtlpListeners(options);
        builder.Services.AddSingleton(listeners);
        builder.Services.Configure<SocketTransportOptions>(transport =>
        {
            var otherwise = transport.CreateBoundListenSocket;
            transport.CreateBoundListenSocket = endpoint => listeners._bound.GetValueOrDefault(endpoint) ?? otherwise(endpoint);
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (listeners.Grpc is { } grpc)
                kestrel.Listen(options.ListenAddress, grpc, listen => listen.Protocols = HttpProtocols.Http2);
            if (listeners.Http is { } http)
                kestrel.Listen(options.ListenAddress, http);
        });
        return listeners;
    }

    /// <summary>Says what is taken and what is not.</summary>
    public void Tell(ILogger logger, string address)
    {
        if (Grpc is { } grpc)
            Log.OtlpStarted(logger, "OTLP/gRPC", grpc);
        if (Http is { } http)
            Log.OtlpStarted(logger, "OTLP/HTTP", http);
        foreach (var (protocol, port, setting) in _taken)
            Log.OtlpPortTaken(logger, protocol, port, address, setting);
    }

    int? Bind(IPAddress address, int port, string protocol, string setting)
    {
        var endpoint = new IPEndPoint(address, port);
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            // Two that are only bound can share a port; the server says it again with its own backlog.
            socket.Listen();
            _bound[endpoint] = socket;
            return port;
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket?.Dispose();
            _taken.Add((protocol, port, setting));
            return null;
        }
    }
}
