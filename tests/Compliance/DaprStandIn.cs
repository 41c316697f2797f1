namespace Forewarn.Compliance;

/// <summary>
/// A folder with <c>daprd</c>, <c>placement</c> and <c>scheduler</c>, which are shell scripts around the dev-sidecar's command. They
/// prove how the suite starts, finds and ends processes, and nothing of how Dapr behaves.
/// </summary>
public sealed class DaprStandIn : IAsyncDisposable
{
    static readonly string Command = string.Join(' ', Programs.Sidecar.Select(p => $"'{p}'"));

    public DaprStandIn()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "empty"));
        if (!OperatingSystem.IsWindows())
        {
            Write("daprd", $"""
                help='  -dapr-listen-addresses string'
                [ "$1" = --help ] && echo "$help" >&2 && exit
                left=$#
                while [ $left -gt 0 ]; do
                  [ "$1" = --dapr-http-port ] && port=$2
                  case $1 in
                    --app-id|--app-port|--dapr-http-port|--dapr-grpc-port) set -- "$@" "$1" "$2" ;;
                    --resources-path) set -- "$@" "$1" "$2" --data-dir "$2-$port" ;;
                    --dapr-internal-grpc-port|--metrics-port|--placement-host-address|--scheduler-host-address|--dapr-listen-addresses) ;;
                    *) echo "unknown option $1" >&2; exit 2 ;;
                  esac
                  shift 2
                  left=$((left - 2))
                done
                echo "daprd $$" >> '{Folder}/started'
                exec {Command} "$@"
                """);
            Write("placement", Listener("placement", "--initial-cluster"));
            Write("scheduler", Listener("scheduler", "--etcd-data-dir"));
        }

        Target = new(new() { Folder = Folder }, isDapr: false);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("dapr-stand-in").FullName;

    public DaprTarget Target { get; }

    /// <summary>What was started, in this order.</summary>
    public (string Name, int Id)[] Started =>
        [.. File.ReadLines(Path.Combine(Folder, "started")).Select(l => l.Split(' ')).Select(l => (l[0], int.Parse(l[1])))];

    public async ValueTask DisposeAsync()
    {
        await Target.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    string Listener(string name, string option) => $"""
        [ "$1" = --help ] && echo '  {option} string' && exit
        port=$2
        case "$*" in *"{option} "*) ;; *) echo '{option} is missing' >&2; exit 2 ;; esac
        echo "{name} $$" >> '{Folder}/started'
        exec {Command} --app-id {name} --dapr-http-port $port --dapr-grpc-port 0 --resources-path '{Folder}/empty' --data-dir '{Folder}/{name}-data'
        """;

    void Write(string name, string script)
    {
        var file = Path.Combine(Folder, name);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
#pragma warning disable CA1416 // Not reached on Windows.
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
#pragma warning restore CA1416
    }
}
