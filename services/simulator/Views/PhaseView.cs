using System.Globalization;
using System.Text.Json;

namespace Forewarn.Simulator;

/// <summary>A line for each phase of the run and each stage of a fault: JSON for scripts, words otherwise.</summary>
sealed class PhaseView(TextWriter output, bool json) : ISimulationView
{
    readonly Dictionary<Injection, Stage> _stages = [];
    Phase? _phase;

    public Task RunAsync(Func<Task> simulation) => simulation();

    public void Show(SimulationState state)
    {
        if (state.Phase != _phase)
        {
            _phase = state.Phase;
            Write(new(state.Phase.Name(), state.Scenario.Name, null, null, state.T, state.Samples), Describe(state));
        }
        foreach (var injection in state.Course.Injections)
        {
            var stage = injection.StageAt(state.T);
            if (_stages.GetValueOrDefault(injection) == stage)
                continue;
            _stages[injection] = stage;
            Write(new(stage.Name(), state.Scenario.Name, injection.Fault.Name, injection.Entity, state.T, state.Samples), Describe(injection, stage));
        }
        output.Flush();
    }

    void Write(PhaseReport report, string words) => output.WriteLine(
        json ? JsonSerializer.Serialize(report, SimulatorJson.Default.PhaseReport)
            : string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeMilliseconds(report.T):HH:mm:ss} {words}"));

    static string Describe(SimulationState state) => state.Phase switch
    {
        Phase.History => $"{Hosts(state)}: sending the past to {state.Target}",
        Phase.Normal => $"{Hosts(state)}: normal behaviour",
        Phase.Fault => $"{Hosts(state)}: {state.Course.Injections.Count(injection => injection.IsOn(state.T))} faults at once",
        Phase.Cooldown => $"{Hosts(state)}: normal behaviour again",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Hosts(state)}: done, {state.Samples:N0} samples sent"),
    };

    static string Describe(Injection injection, Stage stage) => stage switch
    {
        Stage.Growing => $"{injection.Fault.Name} on {string.Join(", ", injection.Entities)} begins: {injection.Fault.Description}",
        Stage.Failing => $"{injection.Fault.Name} on {string.Join(", ", injection.Entities)} is a failure: {injection.Fault.Description}",
        _ => $"{injection.Fault.Name} on {string.Join(", ", injection.Entities)} is over",
    };

    static string Hosts(SimulationState state) =>
        state.Scenario.Fleet is { Hosts: > 1 } fleet ? $"{fleet.Prefix}{fleet.First} and {fleet.Hosts - 1} more" : state.Scenario.Fleet.Prefix + state.Scenario.Fleet.First;
}

/// <param name="Phase">Of the run (history, normal, fault, cooldown, done), or of a fault (growing, failing, over), which then is named.</param>
/// <param name="T">Unix milliseconds of the first second of the phase that was sent.</param>
sealed record PhaseReport(string Phase, string Scenario, string? Fault, string? Entity, long T, long Samples);
