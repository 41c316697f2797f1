using System.Net.Http.Headers;
using Spectre.Console;

namespace Forewarn.Simulator;

/// <summary>From arguments to an exit code.</summary>
static class Application
{
    /// <summary>Variable with the API key that ingestion asks for beyond loopback.</summary>
    const string KeyVariable = "FOREWARN_API_KEY";

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, TimeProvider time)
    {
        // The launcher hands over its verb; alone the executable needs none.
        string[] own = args is ["simulate", ..] ? args[1..] : args;
        var parsed = new SimulateCommand().Create((plan, cancel) => SimulateAsync(plan, output, errors, time, cancel), () => List(output)).Parse(own);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new() { Output = output, Error = errors });
        foreach (var error in parsed.Errors)
            await errors.WriteLineAsync(error.Message);
        return ExitCodes.BadArguments;
    }

    static async Task<int> SimulateAsync(SimulationPlan plan, TextWriter output, TextWriter errors, TimeProvider time, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = plan.Ingest, Timeout = TimeSpan.FromSeconds(10) };
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        ISimulationView view = !plan.Json && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive
            ? new LiveView(AnsiConsole.Console)
            : new PhaseView(output, plan.Json);
        try
        {
            var simulation = new Simulation(plan, new IngestClient(http, time), view, time);
            await view.RunAsync(() => simulation.RunAsync(cancellationToken));
            return ExitCodes.Success;
        }
        catch (SendingException failed)
        {
            await errors.WriteLineAsync(failed.Message);
            return ExitCodes.NotTaken;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"The truth file cannot be written: {unwritable.Message}");
            return ExitCodes.BadArguments;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    static int List(TextWriter output)
    {
        foreach (var fault in FaultCatalogue.All)
            output.WriteLine($"{fault.Name,-16} {fault.Description}");
        return ExitCodes.Success;
    }
}
