using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

/// <summary>The launcher as a person runs it, on a small checkout with probe services and a real private PostgreSQL.</summary>
public sealed class UpTests : IDisposable
{
    const string TwoApps = """
        - { appID: one, appDirPath: ./app, command: [node, probe.mjs] }
        - { appID: two, appDirPath: ./app, command: [node, probe.mjs] }
        """;

    readonly ProbeCheckout _checkout;

    public UpTests()
    {
        Repository.NeedPostgres();
        _checkout = new ProbeCheckout(TwoApps);
    }

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task It_starts_everything_says_so_and_stops_everything_on_request()
    {
        var up = await _checkout.UpAndReadyAsync("--replicas", "two=2");
        var processes = _checkout.State!.Processes.ToList();

        processes.Count.ShouldBe(5);
        processes.ShouldAllBe(process => process.IsAlive);
        await Eventually.HoldsAsync(() => up.Output.Contains($"http://127.0.0.1:{_checkout.Port}/", StringComparison.Ordinal), "the address is printed");
        var status = await _checkout.RunAsync("status");
        status.ExitCode.ShouldBe(ExitCodes.Success);
        var admin = _checkout.State!.Sidecar.ShouldNotBeNull();
        status.Output.ShouldContain(admin);
        using (var browser = new HttpClient())
            (await browser.GetStringAsync(new Uri(new Uri(admin), "api/runtime"), TestContext.Current.CancellationToken)).ShouldContain("\"appId\":\"two\"");

        var (code, output) = await _checkout.RunAsync("up");
        code.ShouldBe(ExitCodes.RunningState);
        output.ShouldContain($"Already running at http://127.0.0.1:{_checkout.Port}/");

        up.Signal(Libc.SigTerm);
        (await up.ExitAsync()).ShouldBe(ExitCodes.Success, up.Output);
        processes.ShouldAllBe(process => !process.IsAlive);
        (await _checkout.RunAsync("status")).ExitCode.ShouldBe(ExitCodes.RunningState);
    }

    [Fact]
    public async Task What_a_killed_launcher_leaves_is_ended_by_down()
    {
        var up = await _checkout.UpAndReadyAsync();
        var processes = _checkout.State!.Processes.ToList();

        up.Signal(Libc.SigKill);
        await up.ExitAsync();
        processes.Count(process => process.IsAlive).ShouldBe(3, "PostgreSQL and two services outlive the launcher");
        (await _checkout.RunAsync("down")).ExitCode.ShouldBe(ExitCodes.Success);

        processes.ShouldAllBe(process => !process.IsAlive);
        (await _checkout.RunAsync("down")).Output.ShouldContain("Nothing is running");
    }

    [Fact]
    public async Task After_a_killed_launcher_the_next_up_cleans_up_and_finds_the_data()
    {
        var up = await _checkout.UpAndReadyAsync();
        var processes = _checkout.State!.Processes.ToList();
        var password = await File.ReadAllTextAsync(PasswordFile, TestContext.Current.CancellationToken);
        up.Signal(Libc.SigKill);
        await up.ExitAsync();

        var again = await _checkout.UpAndReadyAsync();

        processes.ShouldAllBe(process => !process.IsAlive);
        again.Output.ShouldContain("Ended 3 processes that an earlier run left behind");
        (await File.ReadAllTextAsync(PasswordFile, TestContext.Current.CancellationToken)).ShouldBe(password);
        (await _checkout.RunAsync("down")).ExitCode.ShouldBe(ExitCodes.Success);
        (await again.ExitAsync()).ShouldBe(ExitCodes.Success);
    }

    [Theory]
    [InlineData("one")]
    [InlineData("postgres")]
    public async Task A_process_that_dies_is_started_again_and_counted(string name)
    {
        var up = await _checkout.UpAndReadyAsync();
        var first = Service(name)!.Process!;

        Libc.Kill(first.Pid, Libc.SigKill);

        await Eventually.HoldsAsync(() => Service(name) is { State: ProcessState.Ready, Restarts: 1 }, $"{name} is back", () => up.Output);
        Service(name)!.Process!.Pid.ShouldNotBe(first.Pid);
        up.Output.ShouldContain($"{name} ended with exit code");
        up.Signal(Libc.SigInt);
        (await up.ExitAsync()).ShouldBe(ExitCodes.Success);
    }

    [Fact]
    public async Task A_service_that_cannot_start_ends_the_run_with_its_last_words()
    {
        using var broken = new ProbeCheckout("- { appID: one, appDirPath: ./app, env: { PROBE_EXIT: the disk is upside down }, command: [node, probe.mjs] }");

        var (code, output) = await broken.RunAsync("up", "--no-browser", "--port", $"{broken.Port}");

        code.ShouldBe(ExitCodes.Service, output);
        output.ShouldContain("three times in a row while starting");
        output.ShouldContain("cannot go on: the disk is upside down");
        broken.State.ShouldBeNull("what had started was stopped");
    }

    [Fact]
    public async Task An_ordinary_user_needs_no_help_from_root()
    {
        if (!Libc.IsRoot)
            Assert.Skip("run by an ordinary user, every other test here shows it");
        foreach (var entry in Directory.EnumerateFileSystemEntries(_checkout.Root, "*", SearchOption.TopDirectoryOnly).Append(_checkout.Root))
            Libc.ChangeOwner(entry, 65534, 65534);
        var up = _checkout.Start(["up", "--no-browser", "--port", $"{_checkout.Port}"], asUser: "nobody");
        await _checkout.ReadyAsync(up);

        up.Signal(Libc.SigTerm);
        (await up.ExitAsync()).ShouldBe(ExitCodes.Success, up.Output);
    }

    string PasswordFile => Path.Combine(_checkout.Root, ".forewarn", "postgres", "password");

    RunningService? Service(string name) => _checkout.State?.Services.FirstOrDefault(service => service.Name == name);
}
