namespace Forewarn.Launcher.Testing;

/// <summary>What came of a step.</summary>
/// <param name="Output">Shown in full when something failed, and not at all otherwise.</param>
sealed record StepResult(int Passed, int Failed, int Skipped, string Output)
{
    /// <summary>A step that is one check.</summary>
    public static StepResult Check(bool good, string output) => new(good ? 1 : 0, good ? 0 : 1, 0, output);
}

/// <summary>One step of a test run.</summary>
/// <param name="Essential">When it fails, what follows cannot say anything: the run ends.</param>
sealed record Step(string Name, Func<CancellationToken, Task<StepResult>> RunAsync, bool Essential = false);
