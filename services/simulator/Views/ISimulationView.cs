namespace Forewarn.Simulator;

/// <summary>Where a run stands.</summary>
/// <param name="T">The second that was sent last.</param>
/// <param name="Target">Where it was sent.</param>
/// <param name="Reading">That second of the first host.</param>
sealed record SimulationState(Scenario Scenario, Course Course, long T, string Target, long Samples, HostReading Reading)
{
    public Phase Phase => Course.PhaseAt(T);
}

/// <summary>What a person or a script sees of a run.</summary>
interface ISimulationView
{
    /// <summary>Runs the simulation inside whatever the view needs around it.</summary>
    Task RunAsync(Func<Task> simulation);

    void Show(SimulationState state);
}
