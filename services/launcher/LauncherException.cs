namespace Forewarn.Launcher;

/// <summary>An expected failure: the message says what, why and what to do, and is all the person gets to see.</summary>
sealed class LauncherException(string message, int exitCode, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
