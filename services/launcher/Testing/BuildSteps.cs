using System.Globalization;
using Forewarn.Launcher.Commands;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Testing;

/// <summary>The checks that are not tests: format, build, generated documents, front end.</summary>
sealed class BuildSteps(Checkout checkout)
{
    static readonly string[] NotOurs = ["artifacts", "dashboard/node_modules", "services/launcher/embedded-postgres/node_modules", "tests/Compliance/kafkajs/node_modules"];

    static readonly string[] FrontEndScripts = ["lint", "test", "build"];

    /// <summary>White space, line ends and final lines. The style rules are errors in the build.</summary>
    public Step Format => new("format", token => DotnetAsync(
        ["format", "whitespace", ".", "--folder", "--verify-no-changes", "--exclude", .. NotOurs], token));

    /// <summary>Packages as locked, warnings as errors (Directory.Build.props), all projects.</summary>
    public Step Build => new("build", BuildAsync, Essential: true);

    public Step Documents => new("generated documents", _ => Task.FromResult(CheckDocuments()));

    public IEnumerable<Step> FrontEnd
    {
        get
        {
            foreach (var step in NpmInstall("front end", checkout.Dashboard))
                yield return step;
            foreach (var script in FrontEndScripts)
                yield return new Step($"front end: npm run {script}", token => NpmAsync(["run", script], checkout.Dashboard, token));
        }
    }

    /// <summary>The foreign client of the compliance suite.</summary>
    public IEnumerable<Step> KafkaJs => NpmInstall("kafkajs", Path.Combine(checkout.Root, "tests", "Compliance", "kafkajs"));

    public async Task<int> FixAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        var steps = new List<Step>
        {
            new("dotnet format whitespace", token => DotnetAsync(["format", "whitespace", ".", "--folder", "--exclude", .. NotOurs], token)),
            new("dotnet format style", token => DotnetAsync(["format", "style", checkout.Solution, "--no-restore"], token)),
        };
        if (File.Exists(Path.Combine(checkout.Dashboard, "package.json")))
            steps.Add(new("npm run format", token => NpmAsync(["run", "format"], checkout.Dashboard, token)));
        var (_, failed, _) = await new StepRunner(terminal, TimeProvider.System).RunAsync(steps, cancellationToken);
        return failed == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    /// <summary>With a compiler server of this run's own: twice as fast, and nobody else's is used or ended.</summary>
    async Task<StepResult> BuildAsync(CancellationToken cancellationToken)
    {
        var server = string.Create(CultureInfo.InvariantCulture, $"forewarn-{Environment.ProcessId}");
        try
        {
            return await DotnetAsync(
                [
                    "build", checkout.Solution, "--configuration", "Release", "-nodeReuse:false", "-p:RestoreLockedMode=true",
                    "-p:UseSharedCompilation=true", $"-p:SharedCompilationId={server}", "-verbosity:quiet",
                ],
                cancellationToken);
        }
        finally
        {
            await EndCompilerServerAsync(server);
        }
    }

    async Task EndCompilerServerAsync(string name)
    {
        var (_, version) = await Tools.RunAsync(Tools.Dotnet, ["--version"], checkout.Root, CancellationToken.None);
        var home = Path.GetDirectoryName(new FileInfo(Tools.Dotnet).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Tools.Dotnet)!;
        var server = Path.Combine(home, "sdk", version.Trim(), "Roslyn", "bincore", "VBCSCompiler.dll");
        if (File.Exists(server))
            await Tools.RunAsync(Tools.Dotnet, [server, $"-pipename:{name}", "-shutdown"], checkout.Root, CancellationToken.None);
    }

    StepResult CheckDocuments()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 400;
        try
        {
            var good = DocsCommand.Run(checkout, new Terminal(console, TimeProvider.System), checkOnly: true) == ExitCodes.Success;
            return StepResult.Check(good, output.ToString());
        }
        catch (LauncherException missing)
        {
            return StepResult.Check(false, missing.Message);
        }
    }

    Task<StepResult> DotnetAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(Tools.Dotnet, arguments, checkout.Root, cancellationToken);

    /// <summary>Nothing where the packages are there already.</summary>
    static IEnumerable<Step> NpmInstall(string what, string folder)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            yield return new Step($"{what}: npm ci", token => NpmAsync(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, token), Essential: true);
    }

    static Task<StepResult> NpmAsync(IEnumerable<string> arguments, string folder, CancellationToken cancellationToken) =>
        Tools.Find("npm") is { } npm
            ? RunAsync(npm, arguments, folder, cancellationToken)
            : Task.FromResult(StepResult.Check(false, "npm is missing: install Node 20 or newer."));

    static async Task<StepResult> RunAsync(string program, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        // The machine's own settings must not decide how long a test run takes.
        KeyValuePair<string, string>[] environment = [new("MSBUILDDISABLENODEREUSE", "1"), new("CI", "true")];
        var (exit, output) = await Tools.RunAsync(program, arguments, folder, cancellationToken, environment);
        return StepResult.Check(exit == 0, output);
    }
}
