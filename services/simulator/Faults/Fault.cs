namespace Forewarn.Simulator;

/// <summary>Something that goes wrong, as a shape over its duration.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Description">One line for <c>--list</c>.</param>
/// <param name="FailureAt">Share of the duration after which a person would call it a failure; 0 = from the start.</param>
/// <param name="Series">Names of the series it is meant to show in.</param>
sealed record Fault(string Name, string Description, double FailureAt, IReadOnlyList<string> Series, Func<double, FaultEffect> Shape)
{
    /// <summary>The effect at an instant; nothing outside the fault.</summary>
    /// <param name="progress">0 at its start, 1 at its end.</param>
    public FaultEffect At(double progress) => progress is >= 0 and < 1 ? Shape(progress) : new FaultEffect();
}
