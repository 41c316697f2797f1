namespace Forewarn.Simulator;

/// <summary>A scenario file that cannot be used; the message has a line for each mistake, with the place and the field.</summary>
sealed class ScenarioException(IReadOnlyList<string> mistakes) : Exception(string.Join('\n', mistakes));
