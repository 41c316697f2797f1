using DevSidecar;
namespace Forewarn.Compliance;

/// <summary>The sidecar as a command that starts apps. The apps are shells: an app is whatever reads its environment.</summary>
public sealed class CommandTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("sidecar command ").FullName;

    public CommandTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the apps here are written for sh");
        Directory.CreateDirectory(Path.Combine(_folder, "components"));
    }

    [Fact]
    public async Task An_app_is_told_where_its_sidecar_is_its_lines_are_shown_and_its_exit_code_is_passed_on()
    {
        await using var command = Single("echo id $APP_ID port $APP_PORT http $DAPR_HTTP_PORT grpc $DAPR_GRPC_PORT; echo oops >&2; exit 7");
        (await command.ExitAsync()).ShouldBe(7, command.Output);
        await Eventually.TrueAsync(() => command.Output.Contains("orders | oops", StringComparison.Ordinal), "standard error is shown");
        command.Output.ShouldMatch(@"orders \| id orders port 23999 http \d+ grpc \d+");
    }

    [Fact]
    public async Task SIGTERM_ends_the_app_first()
    {
        await using var command = Single("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        await Eventually.TrueAsync(() => command.Output.Contains("orders | up", StringComparison.Ordinal), "the app runs");
        await command.SignalAsync("TERM");
        (await command.ExitAsync()).ShouldBe(0, command.Output);
        command.Output.ShouldContain("orders | bye");
    }

    [Fact]
    public async Task An_app_that_does_not_listen_to_SIGTERM_is_killed()
    {
        await using var command = Single("trap '' TERM; echo pid $$; while :; do sleep 0.05; done");
        await Eventually.TrueAsync(() => command.Output.Contains("orders | pid ", StringComparison.Ordinal), "the app runs");
        await command.SignalAsync("TERM");
        (await command.ExitAsync()).ShouldBe(0, command.Output);
        var pid = command.Output.Split("orders | pid ")[1].Split('\n')[0];
        Directory.Exists($"/proc/{pid}").ShouldBeFalse();
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_named()
    {
        await using var command = TestProcess.Sidecar([.. Options, "--", "no-such-program"]);
        (await command.ExitAsync()).ShouldBe(1);
        await Eventually.TrueAsync(() => command.Output.Contains("'no-such-program' of the app 'orders' does not start", StringComparison.Ordinal), "it is named");
    }

    [Fact]
    public async Task A_run_file_starts_all_its_apps_and_they_reach_each_other()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed");
        var port = FreePorts.Next();
        await File.WriteAllTextAsync(Path.Combine(_folder, "dapr.yaml"), $$"""
            version: 1
            common:
              resourcesPaths: [./components]
              env: { GREETING: hello }
            apps:
            - { appID: one, appDirPath: ., daprHTTPPort: {{port}}, command: [sh, -c, 'echo $GREETING from $APP_ID in $(basename "$PWD")'] }
            - { appID: two, appDirPath: ./components, command: [sh, -c, 'echo $GREETING again; curl -s http://127.0.0.1:{{port}}/v1.0/metadata; echo; exit 3'] }
            """);
        await using var command = TestProcess.Sidecar("run", "-f", _folder, "--data-dir", Path.Combine(_folder, "data"));
        (await command.ExitAsync()).ShouldBe(3, command.Output);
        await Eventually.TrueAsync(() => command.Output.Contains("two | {\"id\":\"one\"", StringComparison.Ordinal), "the other's sidecar answers");
        command.Output.ShouldContain($"one | hello from one in {Path.GetFileName(_folder)}");
        command.Output.ShouldContain("two | hello again");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string[] Options =>
    [
        "--app-id", "orders", "--app-port", "23999", "--resources-path", Path.Combine(_folder, "components"), "--data-dir", Path.Combine(_folder, "data"),
        "--dapr-http-port", "0", "--dapr-grpc-port", "0",
    ];

    TestProcess Single(string script) => TestProcess.Sidecar([.. Options, "--", "sh", "-c", script]);
}
