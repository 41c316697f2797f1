using System.Diagnostics;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

public sealed class ProcessIdentityTests
{
    const string Rest = " S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 0 0";

    [Theory]
    [InlineData("7 (plain)")]
    [InlineData("7 (with ) bracket (and) blank)")]
    public void The_start_time_is_found_behind_any_name(string head) =>
        ProcessIdentity.FromStat(7, head + Rest, "boot").ShouldBe(new ProcessIdentity(7, "boot/987654"));

    [Fact]
    public void A_zombie_is_not_alive() => ProcessIdentity.FromStat(7, "7 (x)" + Rest.Replace(" S ", " Z ", StringComparison.Ordinal), "boot").ShouldBeNull();

    [Fact]
    public void A_process_is_recognised_only_with_its_own_start_time()
    {
        var self = ProcessIdentity.Current;

        self.IsAlive.ShouldBeTrue();
        (self with { Started = "another" }).IsAlive.ShouldBeFalse();
    }

    [Fact]
    public async Task What_an_earlier_run_left_is_ended_and_a_reused_process_id_is_spared()
    {
        using var left = Process.Start(new ProcessStartInfo("sleep", "300") { UseShellExecute = false })!;
        using var stranger = Process.Start(new ProcessStartInfo("sleep", "300") { UseShellExecute = false })!;
        try
        {
            var state = States.With(
                launcher: new ProcessIdentity(stranger.Id, "another process had this id"),
                service: ProcessIdentity.Of(left.Id)!);

            (await Leftovers.EndAsync(state, TimeProvider.System, TestContext.Current.CancellationToken)).ShouldBe(1);

            // Gone it is; that this process has heard of it takes a signal.
            await left.WaitForExitAsync(TestContext.Current.CancellationToken);
            stranger.HasExited.ShouldBeFalse();
        }
        finally
        {
            left.Kill();
            stranger.Kill();
        }
    }

    [Fact]
    public async Task A_process_that_ignores_the_request_is_killed()
    {
        using var deaf = Process.Start(new ProcessStartInfo("bash", ["-c", "trap '' TERM; echo ready; exec sleep 300"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        await deaf.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        await Leftovers.EndAsync(States.With(new ProcessIdentity(1, "none"), ProcessIdentity.Of(deaf.Id)!), TimeProvider.System, TestContext.Current.CancellationToken);

        await deaf.WaitForExitAsync(TestContext.Current.CancellationToken);
        deaf.ExitCode.ShouldBe(128 + 9);
    }
}
