using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Testing;

/// <summary>Puts the steps of <c>test</c> and <c>check</c> together and runs them.</summary>
sealed class TestRun(Checkout checkout, Terminal terminal)
{
    /// <param name="only">One of unit, compliance, system, browser, front; null = everything.</param>
    public async Task<int> TestAsync(string? only, CancellationToken cancellationToken)
    {
        await using var resources = new Resources(checkout, terminal);
        return await RunAsync(Steps(only, resources), cancellationToken);
    }

    /// <summary>What is worth waiting for before a commit: format, build, unit tests.</summary>
    public async Task<int> CheckAsync(CancellationToken cancellationToken)
    {
        await using var resources = new Resources(checkout, terminal);
        var build = new BuildSteps(checkout);
        return await RunAsync([build.Format, build.Build, build.Documents, .. Suites(SuiteKind.Unit, resources)], cancellationToken);
    }

    IEnumerable<Step> Steps(string? only, Resources resources)
    {
        var build = new BuildSteps(checkout);
        if (only is null)
            yield return build.Format;
        if (only != "front")
            yield return build.Build;
        if (only is null)
            yield return build.Documents;
        foreach (var kind in new[] { SuiteKind.Unit, SuiteKind.Compliance })
        {
            foreach (var step in Wanted(only, kind) ? Suites(kind, resources) : [])
                yield return step;
        }
        foreach (var step in only is null or "front" ? build.FrontEnd : [])
            yield return step;
        foreach (var kind in new[] { SuiteKind.System, SuiteKind.Browser })
        {
            foreach (var step in Wanted(only, kind) ? Suites(kind, resources) : [])
                yield return step;
        }
    }

    static bool Wanted(string? only, SuiteKind kind) => only is null || only.Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase);

    IEnumerable<Step> Suites(SuiteKind kind, Resources resources)
    {
        if (kind == SuiteKind.Browser)
            yield return new Step("Chromium", BrowserInstall.EnsureAsync, Essential: true);
        foreach (var step in kind == SuiteKind.Compliance ? new BuildSteps(checkout).KafkaJs : [])
            yield return step;
        // Asked for only now: the build before this made the executables.
        foreach (var suite in TestSuite.Find(checkout).Where(suite => suite.Kind == kind))
            yield return new Step(suite.Name, async token => await suite.RunAsync(Path.Combine(checkout.Artifacts, "test-results"), await resources.EnvironmentAsync(token), token));
    }

    async Task<int> RunAsync(IEnumerable<Step> steps, CancellationToken cancellationToken)
    {
        var (passed, failed, skipped) = await new StepRunner(terminal, TimeProvider.System).RunAsync(steps, cancellationToken);
        terminal.Plain(StepRunner.Sum(passed, failed, skipped));
        return failed == 0 && passed > 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    /// <summary>What suites share; started when the first of them runs.</summary>
    sealed class Resources(Checkout checkout, Terminal terminal) : IAsyncDisposable
    {
        TestPostgres? _postgres;

        /// <summary>Missing tools fail a run of everything instead of skipping what needs them (<c>CI</c>).</summary>
        public async Task<IReadOnlyList<KeyValuePair<string, string>>> EnvironmentAsync(CancellationToken cancellationToken)
        {
            var environment = new List<KeyValuePair<string, string>> { new("CI", "true"), new("FOREWARN_ROOT", checkout.Root) };
            if (Environment.GetEnvironmentVariable("FOREWARN_TEST_POSTGRES") is not { Length: > 0 })
            {
                _postgres ??= await TestPostgres.StartAsync(checkout, terminal, durable: false, cancellationToken);
                environment.Add(new("FOREWARN_TEST_POSTGRES", _postgres.ConnectionString));
            }
            return environment;
        }

        public async ValueTask DisposeAsync()
        {
            if (_postgres is not null)
                await _postgres.DisposeAsync();
        }
    }
}
