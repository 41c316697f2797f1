using DevSidecar;
using Forewarn.Contracts;
using Forewarn.Testing;
using static Forewarn.Trainer.Tests.TrainerCalls;

namespace Forewarn.Trainer.Tests;

/// <summary><c>train --once</c> beside a sidecar.</summary>
public sealed class OneShotTests : IAsyncLifetime
{
    readonly FakeHistory _history = new(ticks: 2000);
    readonly StringWriter _output = new();
    readonly StringWriter _errors = new();
    SidecarRig _platform = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = await SidecarRig.StartAsync();
        await _history.StartAsync(_platform);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task It_trains_tells_its_steps_and_ends_its_sidecar_when_asked_to()
    {
        var pod = await _platform.AddAsync(Apps.Trainer, _ => { }, _ => { });
        (await RunAsync(pod, "--kind", "isolation-forest", "--end-sidecar")).ShouldBe(ExitCodes.Success, _errors.ToString());

        var lines = _output.ToString();
        lines.ShouldContain("reading history");
        lines.ShouldContain("is champion");
        lines.ShouldContain("100");
        await Eventually.Async("the sidecar to end", Limit, () => Task.FromResult(pod.Sidecar.State != AppSidecarState.Ready));
        (await ChampionAsync(await _platform.AddTrainerAsync())).TrainedOn.ShouldBe("history+generated");
    }

    [Fact]
    public async Task While_another_trains_it_says_so_and_ends()
    {
        _history.Gate = new TaskCompletionSource();
        var service = await _platform.AddTrainerAsync();
        await ChampionAsync(service);
        var job = await StartAsync(service);

        (await RunAsync(service)).ShouldBe(ExitCodes.Busy);
        _errors.ToString().ShouldContain($"Training {job.Id} runs");
        _history.Gate.SetResult();
        (await EndedAsync(service, job)).Status.ShouldBe(JobStatus.Succeeded);
    }

    [Fact]
    public async Task Without_history_it_fails_with_the_reason()
    {
        _history.Broken = true;
        var pod = await _platform.AddAsync(Apps.Trainer, _ => { }, _ => { });

        (await RunAsync(pod)).ShouldBe(ExitCodes.Failed);
        _errors.ToString().ShouldContain("The training failed: A service answers 503");
        pod.Sidecar.State.ShouldBe(AppSidecarState.Ready, "nobody asked to end it");
    }

    [Theory]
    [InlineData("--kind", "oracle", "known are autoencoder, half-space-trees, isolation-forest")]
    [InlineData("--soon", "--once", "'--soon' is not understood")]
    public async Task A_command_line_that_is_none_is_told_what_is_wrong(string first, string second, string told)
    {
        var pod = await _platform.AddAsync(Apps.Trainer, _ => { }, _ => { });

        (await RunAsync(pod, first, second)).ShouldBe(ExitCodes.BadArguments);
        _errors.ToString().ShouldContain(told);
    }

    [Fact]
    public void Without_once_there_is_no_verb() => OneShotArguments.Parse([]).Error.ShouldNotBeNull().ShouldContain("Usage: train --once");

    Task<int> RunAsync(SidecarApp pod, params string[] args) => new OneShotTraining(_output, _errors).RunAsync(
        ["--once", .. args, $"--DAPR_HTTP_PORT={pod.Sidecar.HttpPort}", $"--DAPR_GRPC_PORT={pod.Sidecar.GrpcPort}", "--Trainer:MinHistoryRows=1000"],
        TestContext.Current.CancellationToken);
}
