using System.Runtime.InteropServices;
using Forewarn.Launcher.Platform;
using Forewarn.Launcher.Testing;

namespace Forewarn.Launcher.Publishing;

/// <summary>
/// Fills a folder: <c>bin/</c> with every program and one .NET run time for all of them, the dashboard and PostgreSQL in it,
/// beside it <c>components/</c>, <c>model-store/</c>, <c>dapr.yaml</c> and <c>forewarn</c>.
/// </summary>
sealed class Publisher(Checkout checkout, string output)
{
    /// <summary>What runs beside the apps of dapr.yaml.</summary>
    static readonly string[] Companions =
    [
        "services/launcher/Launcher.csproj", "services/simulator/Simulator.csproj", "services/dev-sidecar/DevSidecar.csproj",
        "tests/MockKafka/MockKafka.csproj", "tests/KafkaClient/KafkaClient.csproj", "tests/Compliance/Compliance.csproj",
    ];

    readonly Checkout _target = new(output);

    public IEnumerable<Step> Steps
    {
        get
        {
            foreach (var project in Companions.Select(path => Path.Combine(checkout.Root, path)).Concat(PublishedTemplate.Projects(checkout.Template)))
                yield return new Step(Path.GetFileNameWithoutExtension(project), token => PublishAsync(project, token), Essential: true);
            yield return new Step("everything else", _ => Task.FromResult(CopyRest()), Essential: true);
        }
    }

    /// <summary>Builds apart from the checkout's own output, which is for machines that have .NET.</summary>
    async Task<StepResult> PublishAsync(string project, CancellationToken cancellationToken)
    {
        var (exit, text) = await Tools.RunAsync(
            Tools.Dotnet,
            [
                "publish", project, "--configuration", "Release", "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "--output", _target.Programs,
                $"-p:ArtifactsPath={Path.Combine(checkout.Artifacts, "publish")}", "-p:RunAnalyzers=false", "-p:DebugType=none", "-p:GenerateDocumentationFile=false",
                "-nodeReuse:false", "-verbosity:quiet",
            ],
            checkout.Root, cancellationToken);
        return StepResult.Check(exit == 0, text);
    }

    StepResult CopyRest()
    {
        FolderCopy.Copy(Path.Combine(checkout.Root, "components"), Path.Combine(output, "components"));
        FolderCopy.Copy(checkout.ModelStore, _target.ModelStore);
        FolderCopy.Copy(Path.Combine(checkout.Dashboard, "dist"), Path.Combine(_target.Programs, "dashboard"));
        var postgres = PostgresBinaries.PackageFolder(checkout.PostgresPackage)
            ?? throw new LauncherException("There is no embedded PostgreSQL for this platform.", ExitCodes.Missing);
        FolderCopy.Copy(postgres, PostgresBinaries.PackageFolder(_target.PostgresPackage)!);
        // Makes the links of its libraries now, so that the folder may be read-only later.
        PostgresBinaries.Find(_target.PostgresPackage);
        PublishedTemplate.Write(checkout.Template, _target.Template);
        File.Copy(Path.Combine(checkout.Root, "forewarn"), Path.Combine(output, "forewarn"));
        return StepResult.Check(good: true, "");
    }
}
