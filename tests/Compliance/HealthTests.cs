using System.Net;
using Dapr;
using Dapr.Client;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

public abstract class HealthTests(ITarget target)
{
    [Fact]
    public async Task H1_outbound_is_healthy_before_the_app_and_healthz_after_it()
    {
        await using var world = await target.StartAsync();
        var early = await ProbeApp.StartAsync((_, a) => a.MapFallback(() => "x"));
        var port = early.Port;
        await early.DisposeAsync();
        var sidecar = await world.AddEarlyAsync("late", port);
        var client = world.Client(sidecar);
        (await client.CheckOutboundHealthAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        await client.WaitForSidecarAsync(TestContext.Current.CancellationToken);
        (await client.CheckHealthAsync(TestContext.Current.CancellationToken)).ShouldBeFalse();
        await using var app = await ProbeApp.StartAsync((_, a) => a.MapGet("/x", () => "x"), port: port);
        await Eventually.TrueAsync(() => client.CheckHealthAsync(TestContext.Current.CancellationToken), "healthy when the app listens");
    }

    [Fact]
    public async Task H2_metadata_name_id_components_and_subscriptions()
    {
        await using var app = await ProbeApp.StartAsync((_, a) =>
        {
            a.MapSubscribeHandler();
            a.MapPost("/t", () => Results.Ok()).WithTopic("ps", "t");
        });
        await using var world = await target.StartAsync();
        var sidecar = await world.AddAsync("app", app);
        var metadata = await world.Client(sidecar).GetMetadataAsync(TestContext.Current.CancellationToken);
        metadata.Id.ShouldBe("app");
        metadata.Components.Select(c => c.Name).ShouldBe(["ps", "store"], ignoreOrder: true);
        var http = await world.Http(sidecar).GetStringAsync("/v1.0/metadata", TestContext.Current.CancellationToken);
        http.ShouldContain("\"topic\":\"t\"");
        http.ShouldContain("\"runtimeStatus\":\"RUNNING\"");
    }

    [Fact]
    public async Task H3_H4_H5_a_token_is_asked_for()
    {
        await using var world = await target.StartAsync();
        var sidecar = await world.AddClientAsync(token: "secret");
        var http = world.Http(sidecar);
        (await http.GetAsync("/v1.0/metadata", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.GetAsync("/v1.0/healthz", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Status(await Should.ThrowAsync<DaprException>(() => world.Client(sidecar).GetStateAsync<string>("store", "k"))).ShouldBe(StatusCode.Unauthenticated);
        var client = world.Client(sidecar, "secret");
        await client.ExecuteStateTransactionAsync("store", [new("k", "1"u8.ToArray(), StateOperationType.Upsert)], cancellationToken: TestContext.Current.CancellationToken);
        (await client.GetStateAsync<int>("store", "k", cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(1);
        await Should.ThrowAsync<Exception>(() => client.SaveBulkStateAsync("store", [new SaveStateItem<int>("k", 1, "")], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task H6_an_unknown_method_is_Unimplemented()
    {
        await using var world = await target.StartAsync();
        var sidecar = await world.AddClientAsync();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{sidecar.GrpcPort}");
        var bytes = Marshallers.Create(static (byte[] b) => b, static b => b);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "dapr.proto.runtime.v1.Dapr", "NoSuchMethod", bytes, bytes);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(method, null, new(), []);
        (await Should.ThrowAsync<RpcException>(() => call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task H6_the_configuration_API_is_Daprs_alone()
    {
        await using var world = await target.StartAsync();
        var client = world.Client(await world.AddClientAsync());
        var status = Status(await Should.ThrowAsync<DaprException>(() => client.GetConfiguration("store", ["a"], cancellationToken: TestContext.Current.CancellationToken)));
        (status == StatusCode.Unimplemented).ShouldBe(!target.IsDapr, $"{status}; there is no such store");
    }

    [Fact]
    public async Task K1_an_app_that_restarts_is_asked_again()
    {
        var (one, two) = ($"one-{Guid.NewGuid():N}", $"two-{Guid.NewGuid():N}");
        await using var world = await target.StartAsync();
        var first = await SubscriberAsync(one, 0);
        var port = first.Port;
        var sidecar = await world.AddAsync("app", first);
        var http = world.Http(sidecar);
        (await SubscribesAsync(http, one)).ShouldBeTrue();
        await first.DisposeAsync();
        await using var second = await SubscriberAsync(two, port);
        if (target.IsDapr)
        {
            await Eventually.TrueAsync(async () => (await http.GetAsync("/v1.0/invoke/app/method/dapr/subscribe")).IsSuccessStatusCode, "daprd reaches the second app");
            (await SubscribesAsync(http, two)).ShouldBeFalse("daprd asks an app once");
            await world.RestartAsync();
        }

        await Eventually.TrueAsync(() => SubscribesAsync(http, two), "subscriptions are read again");
        (await SubscribesAsync(http, one)).ShouldBeFalse();
        await world.Client(sidecar).PublishEventAsync("ps", two, 1, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => second.Requests.Any(r => r.Path == "/" + two), "and served");
    }

    static async Task<bool> SubscribesAsync(HttpClient sidecar, string topic) =>
        (await sidecar.GetStringAsync("/v1.0/metadata")).Contains($"\"topic\":\"{topic}\"", StringComparison.Ordinal);

    static Task<ProbeApp> SubscriberAsync(string topic, int port) => ProbeApp.StartAsync(
        (p, a) =>
        {
            a.MapSubscribeHandler();
            a.MapPost("/" + topic, async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.Ok()).WithTopic("ps", topic);
        },
        port: port);

    static StatusCode Status(DaprException error) => ((RpcException)error.InnerException!).StatusCode;
}
