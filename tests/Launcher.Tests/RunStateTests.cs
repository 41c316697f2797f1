using Forewarn.Launcher.Commands;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

public sealed class RunStateTests : IDisposable
{
    readonly string _data = Directory.CreateTempSubdirectory("forewarn-state-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void What_is_written_is_read_again()
    {
        var state = States.With(ProcessIdentity.Current, new ProcessIdentity(12, "boot/1"));
        var file = new RunStateFile(_data);
        file.Write(state with { Up = true });
        file.Write(state);

        var read = file.Read().ShouldNotBeNull();

        read.Services.ShouldBe(state.Services);
        (read with { Services = state.Services }).ShouldBe(state);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{ \"launcher\": ")]
    [InlineData("[]")]
    public void A_missing_or_broken_file_is_no_state(string? content)
    {
        var file = new RunStateFile(_data);
        Directory.CreateDirectory(Path.GetDirectoryName(file.FullName)!);
        if (content is not null)
            File.WriteAllText(file.FullName, content);

        file.Read().ShouldBeNull();
    }

    [Fact]
    public void Only_one_run_holds_a_data_directory()
    {
        using (RunLock.TryTake(_data).ShouldNotBeNull())
            RunLock.TryTake(_data).ShouldBeNull();

        using var again = RunLock.TryTake(_data).ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_a_living_launcher_nothing_is_running()
    {
        var state = States.With(ProcessIdentity.Current with { Started = "long ago" }, null);

        (await StatusReport.CollectAsync(state, TestContext.Current.CancellationToken)).Running.ShouldBeFalse();
        (await StatusReport.CollectAsync(null, TestContext.Current.CancellationToken)).Running.ShouldBeFalse();
    }

    [Fact]
    public async Task A_service_that_is_not_running_is_down()
    {
        var report = await StatusReport.CollectAsync(States.With(ProcessIdentity.Current, service: null), TestContext.Current.CancellationToken);

        report.Running.ShouldBeTrue();
        report.Healthy.ShouldBeFalse();
        report.Sidecar.ShouldBe("http://127.0.0.1:20002/");
        report.Services.Single().ShouldBe(new ServiceReport("predictor", 1, "ready", null, "down", 2, "it is not running"));
    }
}
