using Microsoft.Extensions.Configuration;

namespace Forewarn.Hosting;

/// <summary>Where this process and its sidecar listen, from the variables that Dapr sets for an app.</summary>
/// <param name="AppId">Dapr app id.</param>
/// <param name="AppPort"><c>APP_PORT</c>: this service's port for its sidecar; 0 = a free one.</param>
/// <param name="HttpEndpoint">The sidecar's HTTP API.</param>
/// <param name="GrpcEndpoint">The sidecar's gRPC API.</param>
/// <param name="DaprApiToken"><c>DAPR_API_TOKEN</c>: sent with every call to the sidecar.</param>
/// <param name="AppApiToken"><c>APP_API_TOKEN</c>: what the sidecar must send with every call to this service.</param>
public sealed record SidecarEnvironment(
    string AppId, int AppPort, Uri HttpEndpoint, Uri GrpcEndpoint, string? DaprApiToken, string? AppApiToken)
{
    /// <summary>Identity of this process start: the <c>producer</c> of the messages it publishes.</summary>
    public string Producer { get; } = Guid.NewGuid().ToString("N")[..16];

    /// <summary><c>HEALTH_PORT</c>: where all addresses of the machine answer <c>/healthz</c> and nothing else; 0 = nowhere.</summary>
    public int HealthPort { get; init; }

    public static SidecarEnvironment Read(IConfiguration configuration, string appId) => new(
        appId,
        Port(configuration, "APP_PORT", 0),
        Endpoint(configuration, "DAPR_HTTP_ENDPOINT", "DAPR_HTTP_PORT", 3500),
        Endpoint(configuration, "DAPR_GRPC_ENDPOINT", "DAPR_GRPC_PORT", 50001),
        Blank(configuration["DAPR_API_TOKEN"]),
        Blank(configuration["APP_API_TOKEN"]))
    {
        HealthPort = Port(configuration, "HEALTH_PORT", 0),
    };

    static Uri Endpoint(IConfiguration configuration, string endpointName, string portName, int fallback) =>
        Blank(configuration[endpointName]) is { } endpoint
            ? new Uri(endpoint)
            : new Uri($"http://127.0.0.1:{Port(configuration, portName, fallback).Invariant()}");

    static int Port(IConfiguration configuration, string name, int fallback)
    {
        if (Blank(configuration[name]) is not { } text)
            return fallback;
        return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535
            ? port
            : throw new OptionsException($"{name} is '{text}'; it must be a port number from 0 to 65535.");
    }

    static string? Blank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
