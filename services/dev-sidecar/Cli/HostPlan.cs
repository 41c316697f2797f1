namespace DevSidecar.Cli;

/// <summary>What one <c>dev-sidecar</c> process is to do.</summary>
sealed record HostPlan
{
    public IReadOnlyList<string> ResourcesPaths { get; init; } = [];

    public string DataDirectory { get; init; } = ".dev-sidecar";

    public int? AdminPort { get; init; }

    public TimeSpan? BlockShutdown { get; init; }

    public TimeSpan GracefulShutdown { get; init; } = TimeSpan.FromSeconds(5);

    public IReadOnlyList<HostedApp> Apps { get; init; } = [];
}

/// <summary>An app and, when this process is to start it, how.</summary>
/// <param name="Command">Program and arguments; empty when somebody else starts the app.</param>
/// <param name="Environment">For the app only, over this process's own.</param>
sealed record HostedApp(AppRegistration Registration, IReadOnlyList<string> Command, string Directory, IReadOnlyDictionary<string, string> Environment);
