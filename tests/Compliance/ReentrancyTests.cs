using Dapr.Actors.Client;
using Dapr.Actors.Runtime;
using Dapr.Actors;
using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Compliance;

public interface INestingActor : IActor
{
    /// <summary>How deep the actor got into itself.</summary>
    Task<int> NestAsync(int depth);
}

public sealed class NestingActor(ActorHost host, ActorProxyOptions options) : Actor(host), INestingActor
{
    public async Task<int> NestAsync(int depth)
    {
        if (depth == 0)
        {
            return 0;
        }

        try
        {
            return 1 + await ActorProxy.Create<INestingActor>(Id, nameof(NestingActor), options).NestAsync(depth - 1);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (ActorMethodInvocationException)
        {
            return 0;
        }
    }
}

public abstract class ReentrancyTests(ITarget target)
{
    [Theory]
    [InlineData(true, 3, 3)]
    [InlineData(false, 3, 0)]
    public async Task A19_an_actor_can_call_itself_when_reentrancy_is_on(bool enabled, int asked, int reached)
    {
        var port = FreePorts.Next();
        // Without reentrancy the inner call waits for its own caller; the time-out ends that.
        var options = new ActorProxyOptions { HttpEndpoint = $"http://127.0.0.1:{port}", RequestTimeout = enabled ? TimeSpan.FromSeconds(30) : TimeSpan.FromMilliseconds(500) };
        await using var app = await ProbeApp.StartAsync(
            (_, a) => a.MapActorsHandlers(),
            b =>
            {
                b.Services.AddSingleton(options);
                b.Services.AddActors(o =>
                {
                    o.Actors.RegisterActor<NestingActor>();
                    o.ReentrancyConfig = new() { Enabled = enabled };
                    o.HttpEndpoint = options.HttpEndpoint;
                });
            },
            sidecarPort: port);
        await using var world = await target.StartAsync();
        await world.AddAsync("actors", app);
        var actor = ActorProxy.Create<INestingActor>(new("x"), nameof(NestingActor), new ActorProxyOptions { HttpEndpoint = options.HttpEndpoint });
        (await actor.NestAsync(asked)).ShouldBe(reached);
    }
}
