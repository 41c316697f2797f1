using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Spectre.Console;

namespace Forewarn.Simulator;

/// <summary>From arguments to an exit code.</summary>
sealed class Application(TextWriter output, TextWriter errors, TimeProvider time)
{
    /// <summary>Variable with the gateway's access token, where it asks for one.</summary>
    const string TokenVariable = "GATEWAY__ACCESSTOKEN";

    public async Task<int> RunAsync(string[] args)
    {
        // The launcher hands over its verb; alone the executable simulates.
        var root = args is ["drill", ..]
            ? new DrillCommand().Create(DrillAsync, time.GetUtcNow().ToString("'drill-'ddHHmm", CultureInfo.InvariantCulture))
            : new SimulateCommand().Create(SimulateAsync, List);
        var parsed = root.Parse(args is ["drill" or "simulate", ..] ? args[1..] : args);
        if (parsed.Errors.Count == 0)
            return await GuardAsync(() => parsed.InvokeAsync(new() { Output = output, Error = errors, EnableDefaultExceptionHandler = false }));
        foreach (var error in parsed.Errors)
            await errors.WriteLineAsync(error.Message);
        return ExitCodes.BadArguments;
    }

    async Task<int> SimulateAsync(SimulateRequest request, CancellationToken cancellationToken)
    {
        using var sender = request.Door.Open(time);
        var view = View(request.Json);
        var simulation = new Simulation(request.Scenario, request.Settings, sender, view, time);
        await view.RunAsync(() => simulation.RunAsync(cancellationToken));
        return ExitCodes.Success;
    }

    async Task<int> DrillAsync(DrillRequest request, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = request.Api, Timeout = TimeSpan.FromSeconds(10) };
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var sender = request.Door.Open(time);
        var report = await new DrillRun(request.Scenario, request.Settings, sender, new IncidentReader(http), View(json: false), time).RunAsync(cancellationToken);
        foreach (var line in DrillText.Of(report))
            await output.WriteLineAsync(line);
        if (request.Json is { } file)
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, SimulatorJson.Default.DrillReport) + "\n", cancellationToken);
        return report.IsMet ? ExitCodes.Success : ExitCodes.Missed;
    }

    /// <summary>Expected ends of a run, told in one line each.</summary>
    async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception expected) when (expected is SendingException or PlatformException or ScenarioException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(expected is IOException or UnauthorizedAccessException ? $"A file cannot be written: {expected.Message}" : expected.Message);
            return expected switch
            {
                SendingException => ExitCodes.NotTaken,
                PlatformException => ExitCodes.NotRunning,
                _ => ExitCodes.BadArguments,
            };
        }
    }

    ISimulationView View(bool json) =>
        !json && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive
            ? new LiveView(AnsiConsole.Console)
            : new PhaseView(output, json);

    int List()
    {
        foreach (var fault in FaultCatalogue.All)
        {
            output.WriteLine($"{fault.Name,-18} {fault.Description}");
            foreach (var parameter in fault.Parameters)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{"",-20} {parameter.Name,-9} {parameter.Description}; {parameter.Default}, from {parameter.Least} to {parameter.Most}"));
            }
        }
        return ExitCodes.Success;
    }
}
