namespace DevSidecar.Cli;

/// <summary>What one <c>dev-sidecar</c> process is to do.</summary>
sealed record HostPlan(IReadOnlyList<string> ResourcesPaths, string DataDirectory, int? AdminPort, IReadOnlyList<HostedApp> Apps);

/// <summary>An app and, when this process is to start it, how.</summary>
/// <param name="Command">Program and arguments; empty when somebody else starts the app.</param>
/// <param name="Environment">For the app only, over this process's own.</param>
sealed record HostedApp(AppRegistration Registration, IReadOnlyList<string> Command, string Directory, IReadOnlyDictionary<string, string> Environment);
