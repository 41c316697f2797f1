using System.CommandLine;
using System.Globalization;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Commands;

/// <summary><c>up</c>: starts the platform and keeps it running until Ctrl+C or SIGTERM.</summary>
static class UpCommand
{
    public static Command Create()
    {
        var data = Shared.DataOption();
        var port = new Option<int?>("--port")
        {
            Description = "Port of dashboard and API; ingestion listens one above it, OTLP/gRPC two and OTLP/HTTP three. Default: 7700, 7701, 4317 and 4318.",
            HelpName = "N",
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 65000)
                result.AddError("--port must be from 1 to 65000.");
        });
        var noBrowser = new Option<bool>("--no-browser") { Description = "Do not open the dashboard." };
        var replicas = new Option<string[]>("--replicas")
        {
            Description = "Run several processes of a service, for example --replicas predictor=2. May be repeated.",
            HelpName = "APP=N",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("up", "Start everything, watch this machine, and stay until Ctrl+C.") { data, port, noBrowser, replicas };
        command.SetAction(async (parsed, _) =>
        {
            var checkout = Checkout.Find();
            var request = new UpRequest(
                Shared.DataDirectory(parsed, data, checkout), parsed.GetValue(port), !parsed.GetValue(noBrowser), ParseReplicas(parsed.GetValue(replicas) ?? []));
            return await RunAsync(checkout, request);
        });
        return command;
    }

    static async Task<int> RunAsync(Checkout checkout, UpRequest request)
    {
        var terminal = Shared.NewTerminal();
        var time = TimeProvider.System;
        using var signals = new Signals();
        await using var run = new PlatformRun(checkout, request, terminal, time);
        try
        {
            var since = time.GetTimestamp();
            await run.StartAsync(signals.Token);
            Announce(terminal, request, run.PublicPorts, time.GetElapsedTime(since));
            if (request.OpenBrowser)
                Browser.TryOpen(run.PublicPorts.Dashboard);
            await signals.WaitAsync();
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Asked to stop while starting: what has started is stopped below.
        }
        terminal.Step("Stopping");
        var stopping = time.GetTimestamp();
        await run.DisposeAsync();
        terminal.Good(string.Create(CultureInfo.InvariantCulture, $"Stopped after {time.GetElapsedTime(stopping).TotalSeconds:0.0} s; the data stays in {request.Data}"));
        return ExitCodes.Success;
    }

    static void Announce(Terminal terminal, UpRequest request, PublicPorts ports, TimeSpan took)
    {
        terminal.Raw("");
        terminal.Raw(string.Create(CultureInfo.InvariantCulture, $"[bold green]Forewarn is up[/] [grey]after {took.TotalSeconds:0.0} s[/]"));
        terminal.Raw($"  dashboard   [bold]{ports.Dashboard}[/]");
        terminal.Raw($"  JSON door   {ports.Ingest}");
        terminal.Raw(string.Create(CultureInfo.InvariantCulture, $"  other doors Influx and Prometheus remote write at the same address, OTLP at {ports.OtlpGrpc} (gRPC) and {ports.OtlpHttp} (HTTP)"));
        terminal.Raw($"  watching    {Markup.Escape(Watched())}");
        terminal.Raw($"  data        {Markup.Escape(request.Data)}");
        terminal.Raw("  stop        Ctrl+C, or `./forewarn down`; `./forewarn status` shows how it is");
        terminal.Raw("");
    }

    /// <summary>As ingestion's settings have it: the host, unless told otherwise.</summary>
    static string Watched()
    {
        if (string.Equals(Environment.GetEnvironmentVariable("INGESTION__HOST__ENABLED"), "false", StringComparison.OrdinalIgnoreCase))
            return "what is sent to it (INGESTION__HOST__ENABLED is false)";
        var name = Environment.GetEnvironmentVariable("INGESTION__HOST__ENTITY");
        return $"this machine, {(string.IsNullOrWhiteSpace(name) ? Environment.MachineName : name)}";
    }

    /// <exception cref="LauncherException">Not of the form <c>APP=N</c>.</exception>
    internal static IReadOnlyDictionary<string, int> ParseReplicas(IReadOnlyList<string> given)
    {
        var replicas = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            if (text.Split('=') is not [{ Length: > 0 } app, var number]
                || !int.TryParse(number, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 16)
                throw new LauncherException($"--replicas {text}: write APP=N with N from 1 to 16, for example predictor=2.", ExitCodes.Usage);
            replicas[app] = count;
        }
        return replicas;
    }
}
