using System.Diagnostics;
using System.Net.Sockets;
using DevSidecar;

namespace Forewarn.Compliance;

/// <summary>Placement and scheduler, each a process with ports and a folder of its own.</summary>
sealed class DaprControlPlane : IAsyncDisposable
{
    readonly string _data = Directory.CreateTempSubdirectory("dapr-control-plane").FullName;
    readonly List<TestProcess> _processes = [];

    public string Placement { get; private set; } = "";

    public string Scheduler { get; private set; } = "";

    public static async Task<DaprControlPlane> StartAsync(string folder)
    {
        var control = new DaprControlPlane();
        try
        {
            control.Placement = await control.StartAsync(
                Path.Combine(folder, "placement"), [("initial-cluster", $"dapr-placement-0=127.0.0.1:{FreePorts.Next()}")]);
            var etcd = $"dapr-scheduler-server-0=http://127.0.0.1:{FreePorts.Next()}";
            control.Scheduler = await control.StartAsync(
                Path.Combine(folder, "scheduler"),
                [
                    ("etcd-data-dir", control._data), ("etcd-client-port", $"{FreePorts.Next()}"),
                    // The older name and the newer.
                    ("initial-cluster", etcd), ("etcd-initial-cluster", etcd),
                ]);
            return control;
        }
        catch
        {
            await control.DisposeAsync();
            throw;
        }
    }

    /// <summary>Those of the options that this version of the program knows.</summary>
    public static async Task<string[]> KnownAsync(string program, IEnumerable<(string Name, string Value)> options)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["--help"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var help = await process.StandardError.ReadToEndAsync() + await output;
        await process.WaitForExitAsync();
        // pflag writes two dashes, Go's own flag package one.
        var known = help.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(w => w.StartsWith('-')).Select(w => w.TrimStart('-')).ToHashSet(StringComparer.Ordinal);
        return [.. options.Where(o => known.Contains(o.Name)).SelectMany(o => new[] { "--" + o.Name, o.Value })];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.EndAsync();
            await process.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Where it listens.</summary>
    async Task<string> StartAsync(string program, (string Name, string Value)[] options)
    {
        var port = FreePorts.Next();
        string[] known = await KnownAsync(program, [("listen-address", "127.0.0.1"), ("override-broadcast-host-port", $"127.0.0.1:{port}"), .. options]);
        var process = new TestProcess(
            program, ["--port", $"{port}", "--healthz-port", $"{FreePorts.Next()}", "--metrics-port", $"{FreePorts.Next()}", .. known]);
        _processes.Add(process);
        await Eventually.TrueAsync(() => ListensAsync(port), () => $"{program} listens: {process.Output}", 60);
        return $"127.0.0.1:{port}";
    }

    static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
