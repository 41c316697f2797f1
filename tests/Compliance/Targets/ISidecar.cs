namespace Forewarn.Compliance;

public interface ISidecar
{
    string AppId { get; }

    int HttpPort { get; }

    int GrpcPort { get; }

    int MetricsPort { get; }

    /// <summary>Ends it gracefully; its app goes on.</summary>
    Task StopAsync();

    /// <summary>After <see cref="StopAsync"/>, on the same ports, until it is ready again.</summary>
    Task StartAsync();
}
