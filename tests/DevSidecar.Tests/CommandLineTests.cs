using DevSidecar.Cli;

namespace DevSidecar.Tests;

public sealed class CommandLineTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_follows_the_two_dashes_is_the_app()
    {
        var plan = SidecarCommand.Parse(["--app-id", "a", "--resources-path", "r", "--admin-port", "0", "--", "dotnet", "run", "--", "--app-id", "x"]);
        plan.AdminPort.ShouldBe(0);
        var app = plan.Apps.ShouldHaveSingleItem();
        app.Registration.ShouldBe(new AppRegistration { AppId = "a", AppPort = 0, HttpPort = 3500, GrpcPort = 50001 });
        app.Command.ShouldBe(["dotnet", "run", "--", "--app-id", "x"]);
    }

    [Theory]
    [InlineData("--app-id is unknown", "run", "--app-id", "a")]
    [InlineData("run needs -f", "run")]
    [InlineData("--app-id needs a value", "--app-id")]
    [InlineData("are required", "--app-id", "a")]
    [InlineData("'70000' is no port", "--admin-port", "70000")]
    [InlineData("--dapr-block-shutdown-duration: 'long' is no duration", "--dapr-block-shutdown-duration", "long")]
    [InlineData("--dapr-graceful-shutdown-seconds: '5s' is no number", "run", "--dapr-graceful-shutdown-seconds", "5s")]
    public void A_wrong_command_line_says_what_is_wrong(string expected, params string[] args) =>
        Should.Throw<SidecarConfigurationException>(() => SidecarCommand.Parse(args)).Message.ShouldContain(expected);

    [Fact]
    public void The_end_may_be_put_off()
    {
        var plan = SidecarCommand.Parse(["--app-id", "a", "--resources-path", "r"]);
        (plan.BlockShutdown, plan.GracefulShutdown).ShouldBe((null, TimeSpan.FromSeconds(5)));
        plan = SidecarCommand.Parse(["--app-id", "a", "--resources-path", "r", "--dapr-block-shutdown-duration", "1m30s", "--dapr-graceful-shutdown-seconds", "7"]);
        (plan.BlockShutdown, plan.GracefulShutdown).ShouldBe((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public void A_run_file_gives_apps_with_defaults_from_common()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "src", "orders"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "src", "mail"));
        var (resources, apps) = Parse("""
            version: 1
            common:
              resourcesPaths: [./components]
              env: { LEVEL: low, SHARED: "1" }
            apps:
            - appDirPath: ./src/orders
              appPort: 5101
              daprHTTPPort: 3501
              command: [dotnet, run]
              env: { LEVEL: high }
            - { appID: mailer, appDirPath: ./src/mail }
            """);
        resources.ShouldBe([Path.Combine(_folder.Path, "components")]);
        apps.Select(a => a.Registration.AppId).ShouldBe(["orders", "mailer"]);
        apps[0].Registration.ShouldBe(new AppRegistration { AppId = "orders", AppPort = 5101, HttpPort = 3501 });
        apps[0].Command.ShouldBe(["dotnet", "run"]);
        apps[0].Environment.ShouldBe(new Dictionary<string, string> { ["LEVEL"] = "high", ["SHARED"] = "1" }, ignoreOrder: true);
        apps[1].Registration.AppPort.ShouldBeGreaterThan(0);
        apps[1].Environment["ASPNETCORE_URLS"].ShouldBe($"http://127.0.0.1:{apps[1].Registration.AppPort}");
        apps[1].Command.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("common.appSSL, apps[0].unixDomainSocket are not supported", "common: { appSSL: true, logLevel: warn }\napps: [{ appDirPath: ., metricsPort: 9, unixDomainSocket: /tmp/s }]")]
    [InlineData("extra is not supported", "extra: 1\napps: [{ appDirPath: . }]")]
    [InlineData("apps is empty", "version: 1")]
    [InlineData("version '2' is unknown", "version: 2\napps: [{ appDirPath: . }]")]
    [InlineData("apps[0]: appDirPath is missing", "apps: [{ appID: a }]")]
    [InlineData("appPort 'x' is no port", "apps: [{ appDirPath: ., appPort: x }]")]
    [InlineData("'grpc' is not supported", "apps: [{ appDirPath: ., appProtocol: grpc }]")]
    [InlineData("'a' is listed twice", "apps: [{ appID: a, appDirPath: . }, { appID: a, appDirPath: . }]")]
    [InlineData("resourcesPaths is missing", "apps: [{ appDirPath: . }]")]
    [InlineData("resourcesPaths differ", "apps: [{ appID: a, appDirPath: ., resourcesPaths: [x] }, { appID: b, appDirPath: ., resourcesPaths: [y] }]")]
    [InlineData("not valid YAML", "apps: [")]
    public void A_wrong_run_file_says_which_key(string expected, string yaml) =>
        Should.Throw<SidecarConfigurationException>(() => Parse(yaml)).Message.ShouldContain(expected);

    [Fact]
    public void Lines_carry_their_app_and_colour_only_where_it_is_wanted()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var lines = new AppOutput(output, error, colouredOutput: true, colouredError: false);
        lines.Write("a", "one", isError: false);
        lines.Write("b", "two", isError: false);
        lines.Write("a", "three", isError: true);
        output.ToString().ShouldBe("\e[36ma |\e[0m one\n\e[33mb |\e[0m two\n");
        error.ToString().ShouldBe("a | three\n");
        AppOutput.IsColourWanted(new Dictionary<string, string> { ["NO_COLOR"] = "1" }).ShouldBeFalse();
        AppOutput.IsColourWanted(new Dictionary<string, string> { ["NO_COLOR"] = "" }).ShouldBeTrue();
    }

    (IReadOnlyList<string> ResourcesPaths, IReadOnlyList<HostedApp> Apps) Parse(string yaml) => RunFile.Parse(yaml, Path.Combine(_folder.Path, "dapr.yaml"));
}
