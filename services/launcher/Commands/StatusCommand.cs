using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Commands;

/// <summary><c>status</c>: 0 = running and healthy, 1 = degraded, 3 = not running.</summary>
static class StatusCommand
{
    public static Command Create()
    {
        var data = Shared.DataOption();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new Command("status", "Show how the running platform is. Exit code 0: healthy, 1: degraded, 3: not running.") { data, json };
        command.SetAction(async (parsed, token) =>
        {
            var directory = Shared.DataDirectory(parsed, data, Checkout.Find());
            var state = new RunStateFile(directory).Read();
            var report = await StatusReport.CollectAsync(state, token);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(report, StatusJson.Default.StatusReport));
            else
                Show(Shared.NewTerminal(), report, directory, leftovers: state?.Processes.Count(process => process.IsAlive) ?? 0);
            return !report.Running ? ExitCodes.RunningState : report.Healthy ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    static void Show(Terminal terminal, StatusReport report, string directory, int leftovers)
    {
        if (!report.Running)
        {
            terminal.Plain($"Not running with the data in {directory}; `./forewarn up` starts it.");
            if (leftovers > 0)
                terminal.Warn($"A run that was killed left {leftovers} of its processes behind; `./forewarn down` ends them.");
            return;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumns("service", "state", "health", "pid", "restarts", "");
        foreach (var service in report.Services)
        {
            var name = service.Replica == 0 ? service.Name : string.Create(CultureInfo.InvariantCulture, $"{service.Name}-{service.Replica}");
            var colour = service.Health switch { "healthy" => "green", "degraded" => "yellow", _ => "red" };
            table.AddRow(
                Markup.Escape(name), service.State, $"[{colour}]{Markup.Escape(service.Health)}[/]", service.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
                service.Restarts.ToString(CultureInfo.InvariantCulture), Markup.Escape(service.Detail ?? ""));
        }
        terminal.Console.Write(table);
        terminal.Plain($"  dashboard       {report.Dashboard}");
        terminal.Plain($"  JSON door       {report.Ingest}");
        terminal.Plain($"  sidecar         {report.Sidecar ?? "not yet"}");
        terminal.Plain($"  data            {report.Data}");
        terminal.Plain($"  storage         {report.Storage?.ToString() ?? "unknown: history does not say"}");
        terminal.Plain($"  samples/s       {report.SamplesPerSecond?.ToString() ?? "unknown: the gateway does not answer"}");
        terminal.Plain($"  loop latency    {Latency(report.LoopLatencyMs)}");
        terminal.Plain($"  alert latency   {Latency(report.AlertLatencyMs)}");
        terminal.Plain($"  model           {report.Model?.ToString() ?? "none"}");
        terminal.Plain($"  open incidents  {report.OpenIncidents?.ToString() ?? "unknown"}");
    }

    static string Latency(JsonElement? latency)
    {
        if (latency is not { ValueKind: JsonValueKind.Object } known)
            return "unknown";
        if (known.TryGetProperty("count", out var count) && count.ValueKind == JsonValueKind.Number && count.GetInt64() == 0)
            return "nothing measured yet";
        return $"p50 {Ms(known, "p50")}, p99 {Ms(known, "p99")}";
    }

    static string Ms(JsonElement latency, string name) =>
        latency.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? string.Create(CultureInfo.InvariantCulture, $"{value.GetDouble():0.#} ms")
            : "-";
}
