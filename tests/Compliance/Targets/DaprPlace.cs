using System.Globalization;

namespace Forewarn.Compliance;

/// <summary>A sidecar that somebody else has started.</summary>
/// <param name="AppPort">Where it expects its app; null = it has none.</param>
public sealed record RunningSidecar(int HttpPort, int GrpcPort, int? MetricsPort, int? AppPort);

/// <summary>Where Dapr is on this machine, if it is.</summary>
public sealed record DaprPlace
{
    static readonly string[] ControlPlane = ["placement", "scheduler"];

    public RunningSidecar? Running { get; init; }

    /// <summary>Holds daprd.</summary>
    public string? Folder { get; init; }

    /// <summary>Null where the tests can run, else the reason why they cannot.</summary>
    public string? Missing =>
        OperatingSystem.IsWindows() ? "daprd is ended with signals here, which Windows has not"
        : Running is not null ? null
        : Folder is null ? "there is no Dapr: neither DAPR_HTTP_PORT and DAPR_GRPC_PORT nor daprd on PATH"
        : ControlPlane.Where(p => !File.Exists(Path.Combine(Folder, p))).ToArray() is { Length: > 0 } absent
            ? $"{string.Join(" and ", absent)} should lie beside {Path.Combine(Folder, "daprd")}"
        : null;

    /// <param name="environment">The value of a variable.</param>
    public static DaprPlace From(Func<string, string?> environment)
    {
        int? Port(string name) => int.TryParse(environment(name), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
        var path = (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return new()
        {
            Running = Port("DAPR_HTTP_PORT") is { } http && Port("DAPR_GRPC_PORT") is { } grpc ? new(http, grpc, Port("DAPR_METRICS_PORT"), Port("APP_PORT")) : null,
            Folder = path.FirstOrDefault(f => File.Exists(Path.Combine(f, "daprd"))),
        };
    }
}
