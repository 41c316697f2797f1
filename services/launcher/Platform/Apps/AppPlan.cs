namespace Forewarn.Launcher.Platform;

/// <summary>One replica of an app: what to start and where it and its sidecar listen.</summary>
sealed record AppPlan(ProcessSpec Process, int AppPort, int SidecarHttpPort, int SidecarGrpcPort)
{
    public string AppId => Process.Name;
}

/// <summary>The address of the platform's public doors.</summary>
/// <param name="Gateway">Dashboard and API.</param>
/// <param name="Ingestion">Doors for measurements.</param>
sealed record PublicPorts(int Gateway, int Ingestion)
{
    /// <summary>Replicas of a service with a public door listen this far apart.</summary>
    public const int ReplicaStep = 10;

    /// <summary>OTLP/gRPC.</summary>
    public int OtlpGrpc { get; init; } = 4317;

    /// <summary>OTLP/HTTP.</summary>
    public int OtlpHttp { get; init; } = 4318;

    public string Dashboard => FormattableString.Invariant($"http://127.0.0.1:{Gateway}/");
    public string Ingest => FormattableString.Invariant($"http://127.0.0.1:{Ingestion}/v1/metrics/json");

    /// <summary>From the environment, with <c>--port</c> above it: ingestion and OTLP then listen beside the gateway unless told otherwise.</summary>
    public static PublicPorts From(int? port, IReadOnlyDictionary<string, string> environment)
    {
        var gateway = port ?? Read(environment, "GATEWAY__PORT") ?? 7700;
        return new PublicPorts(gateway, Read(environment, "INGESTION__PORT") ?? (port is null ? 7701 : gateway + 1))
        {
            OtlpGrpc = Read(environment, "INGESTION__OTLP__GRPCPORT") ?? (port is null ? 4317 : gateway + 2),
            OtlpHttp = Read(environment, "INGESTION__OTLP__HTTPPORT") ?? (port is null ? 4318 : gateway + 3),
        };
    }

    static int? Read(IReadOnlyDictionary<string, string> environment, string name)
    {
        if (!environment.TryGetValue(name, out var text) || string.IsNullOrWhiteSpace(text))
            return null;
        return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw new LauncherException($"{name} is '{text}'; it must be a port number from 1 to 65535.", ExitCodes.Usage);
    }
}
