using System.Text.Json;

namespace Forewarn.Simulator;

/// <summary>A line for each phase: JSON for scripts, words otherwise.</summary>
sealed class PhaseView(TextWriter output, bool json) : ISimulationView
{
    Phase? _shown;

    public Task RunAsync(Func<Task> simulation) => simulation();

    public void Show(SimulationState state)
    {
        if (state.Phase == _shown)
            return;
        _shown = state.Phase;
        output.WriteLine(json
            ? JsonSerializer.Serialize(
                new PhaseReport(PhaseNames.Of(state), state.Plan.Entity, state.Plan.Fault?.Name, state.T, state.Samples), SimulatorJson.Default.PhaseReport)
            : $"{DateTimeOffset.FromUnixTimeMilliseconds(state.T):HH:mm:ss} {state.Plan.Entity}: {PhaseNames.Describe(state)}");
        output.Flush();
    }
}

/// <param name="T">Unix milliseconds of the first second of the phase that was sent.</param>
sealed record PhaseReport(string Phase, string Entity, string? Fault, long T, long Samples);

static class PhaseNames
{
    public static string Of(SimulationState state) => state.Phase switch
    {
        Phase.History => "history",
        Phase.Normal => "normal",
        Phase.Fault => "fault",
        Phase.Cooldown => "cooldown",
        _ => "done",
    };

    public static string Describe(SimulationState state) => state.Phase switch
    {
        Phase.History => "sending its past",
        Phase.Normal => state.Plan.Fault is null ? "normal behaviour" : $"normal behaviour, {state.Plan.Fault.Name} comes next",
        Phase.Fault => $"{state.Plan.Fault!.Name}: {state.Plan.Fault.Description}",
        Phase.Cooldown => "normal behaviour again",
        _ => $"done, {state.Samples:N0} samples sent",
    };
}
