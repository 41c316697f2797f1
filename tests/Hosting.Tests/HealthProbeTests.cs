using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace Forewarn.Hosting.Tests;

public sealed class HealthProbeTests
{
    [Fact]
    public async Task A_ready_service_is_good_and_nothing_is_said()
    {
        await using var service = await StartAsync(() => null);

        Ask(service.Port).ShouldBe((0, ""));
        Ask(service.Port, "ready").ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_service_that_waits_is_alive_and_not_ready_and_says_for_what()
    {
        await using var service = await StartAsync(() => "no model yet");

        var (exitCode, said) = Ask(service.Port);
        exitCode.ShouldBe(1);
        said.ShouldContain("no model yet");
        Ask(service.Port, "live").ShouldBe((0, ""));
    }

    [Fact]
    public void Nobody_there_is_not_good()
    {
        var (exitCode, said) = Ask(FreePorts.Next());

        exitCode.ShouldBe(1);
        said.ShouldContain("does not answer");
    }

    [Fact]
    public void A_question_that_cannot_be_asked_says_why()
    {
        Ask(0).ShouldSatisfyAllConditions(answer => answer.ExitCode.ShouldBe(2), answer => answer.Said.ShouldContain("APP_PORT"));
        Ask(1, "deep").ShouldSatisfyAllConditions(answer => answer.ExitCode.ShouldBe(2), answer => answer.Said.ShouldContain("'deep'"));
    }

    static (int ExitCode, string Said) Ask(int port, params string[] args)
    {
        using var output = new StringWriter();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("APP_PORT", $"{port}")]).Build();
        return (HealthProbe.Run(args, configuration, output), output.ToString());
    }

    static async Task<Service> StartAsync(Func<string?> notReadyBecause)
    {
        var port = FreePorts.Next();
        var builder = ServiceHost.Create([$"--APP_PORT={port}", "--SELFMETRICS:ENABLED=false"], "probed");
        builder.Services.AddReadiness("probe", _ => notReadyBecause());
        var app = builder.Build();
        app.MapServiceDefaults();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Service(app, port);
    }

    sealed record Service(WebApplication App, int Port) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await App.StopAsync(CancellationToken.None);
            await App.DisposeAsync();
        }
    }
}
