namespace Forewarn.Simulator;

/// <summary>Where a run stands.</summary>
/// <param name="T">The second that was sent last.</param>
/// <param name="Reading">That second of the first host.</param>
sealed record SimulationState(SimulationSchedule Schedule, long T, Phase Phase, SimulationPlan Plan, long Samples, HostReading Reading);

/// <summary>What a person or a script sees of a run.</summary>
interface ISimulationView
{
    /// <summary>Runs the simulation inside whatever the view needs around it.</summary>
    Task RunAsync(Func<Task> simulation);

    void Show(SimulationState state);
}
