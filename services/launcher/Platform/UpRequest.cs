namespace Forewarn.Launcher.Platform;

/// <summary>What <c>up</c> was asked for.</summary>
/// <param name="Data">Full path of the data directory.</param>
/// <param name="Port">Gateway port; null = from the environment, or 7700.</param>
/// <param name="Replicas">App id to number of processes, where it is not one.</param>
sealed record UpRequest(string Data, int? Port, bool OpenBrowser, IReadOnlyDictionary<string, int> Replicas);
