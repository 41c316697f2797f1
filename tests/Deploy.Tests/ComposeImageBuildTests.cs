using System.Diagnostics;
using System.Globalization;

namespace Forewarn.Deploy.Tests;

/// <summary>The stages of the Dockerfile, carried out without Docker by a user without rights, and what comes out of them, run.</summary>
public sealed class ComposeImageBuildTests(ITestOutputHelper output) : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-image-").FullName;

    public ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Shell.RunAsync(["chmod", "-R", "u+w", _folder]);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_service_is_published_by_an_ordinary_user_and_runs_without_rights_in_a_folder_it_cannot_write()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("The stages are for Linux.");
            return;
        }
        var watch = Stopwatch.StartNew();
        var (user, run) = await PrepareAsync();
        var app = Path.Combine(await run.StageAsync("service"), "app");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"published after {watch.Elapsed.TotalSeconds:0} s"));

        File.ResolveLinkTarget(Path.Combine(app, "service"), returnFinalTarget: true)!.Name.ShouldBe("Forewarn.Trainer");
        Directory.EnumerateDirectories(Path.Combine(app, "runtimes")).Select(Path.GetFileName).ShouldAllBe(name => name!.StartsWith("linux", StringComparison.Ordinal) || name == "unix");
        Directory.EnumerateFiles(app, "*.pdb").ShouldBeEmpty();
        await user.DoAsync(_folder, "chmod", "-R", "a-w", app);

        await using var rig = await SidecarRig.StartAsync();
        var port = DevSidecar.FreePorts.Next();
        var sidecar = await rig.AddProcessAsync("trainer", port);
        var temporary = Directory.CreateDirectory(Path.Combine(_folder, "tmp")).FullName;
        await user.OwnAsync(temporary);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["APP_PORT"] = $"{port}",
            ["DAPR_HTTP_PORT"] = $"{sidecar.HttpPort}",
            ["DAPR_GRPC_PORT"] = $"{sidecar.GrpcPort}",
            ["TMPDIR"] = temporary,
        };
        using var service = user.Start([Path.Combine(app, "service")], environment, app);
        var said = Task.WhenAll(service.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), service.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        try
        {
            var health = (ExitCode: -1, Output: "");
            await Eventually.Async("the health command says ready", TimeSpan.FromMinutes(3), async () =>
            {
                service.HasExited.ShouldBeFalse(health.Output);
                health = await user.RunAsync([Path.Combine(app, "service"), "--health"], environment, app);
                return health.ExitCode == 0;
            }, () => health.Output);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready after {watch.Elapsed.TotalSeconds:0} s"));
            Directory.EnumerateFiles(rig.ModelFiles, "*.onnx.0").ShouldNotBeEmpty();
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync(CancellationToken.None);
            output.WriteLine(string.Join('\n', await said));
        }
    }

    [Fact]
    public async Task The_dashboard_is_built_from_its_lock_file_by_an_ordinary_user()
    {
        if (!OperatingSystem.IsLinux() || (await Shell.RunAsync(["sh", "-c", "command -v npm"])).ExitCode != 0)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true" && OperatingSystem.IsLinux())
                Assert.Fail("npm is missing; install Node 20.");
            Assert.Skip("The stage is for Linux with npm.");
            return;
        }
        var (_, run) = await PrepareAsync();

        var built = Path.Combine(await run.StageAsync("dashboard"), "src", "dashboard", "dist");

        (await File.ReadAllTextAsync(Path.Combine(built, "index.html"), TestContext.Current.CancellationToken)).ShouldContain("<div id=\"root\">");
        Directory.EnumerateFiles(Path.Combine(built, "assets"), "*.js").ShouldNotBeEmpty();
        // And that is what goes into the gateway's image, where the gateway is told to look.
        var gateway = Dockerfile.Load()["gateway"];
        gateway.All("COPY").ShouldContain("--from=dashboard /src/dashboard/dist dashboard");
        gateway.All("ENV").ShouldContain("GATEWAY__DASHBOARDPATH=/app/dashboard");
    }

    [Fact]
    public void The_context_holds_what_is_built_and_nothing_that_was_built_or_is_secret()
    {
        var taken = DockerContext.Load().CopyTo(Path.Combine(_folder, "context"));

        taken.ShouldContain("services/gateway/Gateway.csproj");
        taken.ShouldContain("dashboard/package-lock.json");
        taken.ShouldContain("Directory.Packages.props");
        string[] unwanted = ["bin", "obj", "node_modules", "dist", ".env", ".git", "artifacts", ".forewarn", "tests", "docs"];
        taken.Where(path => path.Split('/').Any(unwanted.Contains)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("services/gateway/Program.cs", true)]
    [InlineData("services/gateway/obj/project.assets.json", false)]
    [InlineData("services/launcher/embedded-postgres/package.json", false)]
    [InlineData("dashboard/src/main.tsx", true)]
    [InlineData("dashboard/node_modules/vite/index.js", false)]
    [InlineData("deploy/compose/.env", false)]
    [InlineData("README.md", false)]
    public void The_last_pattern_that_fits_decides(string path, bool taken) => DockerContext.Load().Takes(path).ShouldBe(taken);

    async Task<(OrdinaryUser User, DockerfileRun Run)> PrepareAsync()
    {
        var user = await OrdinaryUser.CreateAsync(Path.Combine(_folder, "home"));
        var context = Path.Combine(_folder, "context");
        DockerContext.Load().CopyTo(context);
        var work = Directory.CreateDirectory(Path.Combine(_folder, "stages")).FullName;
        await user.OwnAsync(work);
        // The one that trains its first model and tries it in ONNX Runtime before it calls itself ready.
        return (user, new DockerfileRun(Dockerfile.Load(), context, work, user, new(StringComparer.Ordinal) { ["SERVICE"] = "trainer" }));
    }
}
