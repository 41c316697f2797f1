using System.Net;
using System.Net.Http.Json;
using Dapr;
using Dapr.Client;
using Grpc.Core;

namespace Forewarn.Compliance;

/// <summary>On state.in-memory always, and on state.postgresql v1 and v2 when FOREWARN_TEST_POSTGRES holds a connection string.</summary>
public abstract class StateTests(ITarget target)
{
    static readonly string? Postgres = Environment.GetEnvironmentVariable("FOREWARN_TEST_POSTGRES");

    public static TheoryData<string> Stores => Postgres is null ? ["in-memory"] : ["in-memory", "postgresql v1", "postgresql v2"];

    /// <summary>A key of this test alone: the store may outlive it.</summary>
    string K { get; } = $"k-{Guid.NewGuid():N}";

    sealed record Doc(int Value);

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S1_a_missing_key_is_204_and_default(string store)
    {
        await using var world = await StartAsync(store);
        var sidecar = await world.AddClientAsync();
        (await world.Client(sidecar).GetStateAsync<Doc>("store", "none")).ShouldBeNull();
        (await world.Http(sidecar).GetAsync("/v1.0/state/store/none", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S2_what_is_saved_comes_back(string store)
    {
        await using var world = await StartAsync(store);
        var client = world.Client(await world.AddClientAsync());
        byte[] bytes = [0, 1, 200, 255];
        await client.SaveByteStateAsync("store", "bytes", bytes);
        (await client.GetByteStateAsync("store", "bytes")).ToArray().ShouldBe(bytes);
        await client.SaveStateAsync("store", "doc", new Doc(7));
        (await client.GetStateAsync<Doc>("store", "doc")).ShouldBe(new(7));
        await client.DeleteStateAsync("store", "doc");
        (await client.GetStateAsync<Doc>("store", "doc")).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S3_S4_a_stale_etag_neither_saves_nor_deletes(string store)
    {
        await using var world = await StartAsync(store);
        var client = world.Client(await world.AddClientAsync());
        await client.SaveStateAsync("store", K, new Doc(1));
        var (_, etag) = await client.GetStateAndETagAsync<Doc>("store", K);
        (await client.TrySaveStateAsync("store", K, new Doc(2), etag)).ShouldBeTrue();
        (await client.TrySaveStateAsync("store", K, new Doc(3), etag)).ShouldBeFalse();
        (await client.TryDeleteStateAsync("store", K, etag)).ShouldBeFalse();
        (await client.GetStateAsync<Doc>("store", K)).ShouldBe(new(2));
        var (_, current) = await client.GetStateAndETagAsync<Doc>("store", K);
        (await client.TryDeleteStateAsync("store", K, current)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S5_first_write_without_an_etag_conflicts_with_what_is_there(string store)
    {
        await using var world = await StartAsync(store);
        var client = world.Client(await world.AddClientAsync());
        var first = new StateOptions { Concurrency = ConcurrencyMode.FirstWrite };
        await client.SaveStateAsync("store", K, new Doc(1), first);
        var error = await Should.ThrowAsync<DaprException>(() => client.SaveStateAsync("store", K, new Doc(2), first));
        Status(error).ShouldBe(StatusCode.Aborted);
        (await client.GetStateAsync<Doc>("store", K)).ShouldBe(new(1));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S6_S7_a_transaction_is_all_or_nothing_and_its_conflict_is_Internal(string store)
    {
        await using var world = await StartAsync(store);
        var client = world.Client(await world.AddClientAsync());
        await client.SaveStateAsync("store", "old", new Doc(0));
        var (_, etag) = await client.GetStateAndETagAsync<Doc>("store", "old");
        await client.SaveStateAsync("store", "old", new Doc(1));
        byte[] value = """{"value":9}"""u8.ToArray();
        var error = await Should.ThrowAsync<DaprException>(() => client.ExecuteStateTransactionAsync("store",
        [
            new($"{K}-new", value, StateOperationType.Upsert),
            new("old", value, StateOperationType.Upsert, etag),
        ]));
        Status(error).ShouldBe(StatusCode.Internal);
        (await client.GetStateAsync<Doc>("store", $"{K}-new")).ShouldBeNull();
        await client.ExecuteStateTransactionAsync("store", [new($"{K}-new", value, StateOperationType.Upsert), new("old", null, StateOperationType.Delete)]);
        (await client.GetStateAsync<Doc>("store", $"{K}-new")).ShouldBe(new(9));
        (await client.GetStateAsync<Doc>("store", "old")).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S8_bulk_get_mixes_present_and_missing(string store)
    {
        await using var world = await StartAsync(store);
        var client = world.Client(await world.AddClientAsync());
        await client.SaveStateAsync("store", "a", new Doc(1));
        var items = await client.GetBulkStateAsync("store", ["a", "b"], null);
        items.Single(i => i.Key == "a").Value.ShouldContain("1");
        items.Single(i => i.Key == "a").ETag.ShouldNotBeEmpty();
        items.Single(i => i.Key == "b").Value.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S9_a_value_with_a_ttl_says_when_it_ends_and_ends(string store)
    {
        await using var world = await StartAsync(store);
        var sidecar = await world.AddClientAsync();
        var client = world.Client(sidecar);
        await client.SaveStateAsync("store", K, new Doc(1), metadata: new Dictionary<string, string> { ["ttlInSeconds"] = "1" });
        var answer = await world.Http(sidecar).GetAsync($"/v1.0/state/store/{K}", TestContext.Current.CancellationToken);
        DateTimeOffset.TryParse(answer.Headers.GetValues("metadata.ttlExpireTime").Single(), out _).ShouldBeTrue();
        await Eventually.TrueAsync(async () => await client.GetStateAsync<Doc>("store", K) is null, "the value expires");
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S10_S11_bad_keys_and_unknown_stores_are_refused(string store)
    {
        await using var world = await StartAsync(store);
        var sidecar = await world.AddClientAsync();
        var http = world.Http(sidecar);
        (await http.PostAsJsonAsync("/v1.0/state/store", new[] { new { key = "a||b", value = 1 } }, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await http.GetAsync("/v1.0/state/nope/k", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Status(await Should.ThrowAsync<DaprException>(() => world.Client(sidecar).GetStateAsync<Doc>("nope", "k"))).ShouldBe(StatusCode.InvalidArgument);
        Status(await Should.ThrowAsync<DaprException>(() => world.Client(sidecar).GetStateAsync<Doc>("store", "a||b"))).ShouldBe(StatusCode.InvalidArgument);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S12_many_writers_with_etags_lose_no_increment(string store)
    {
        const int Writers = 20, Each = 10;
        await using var world = await StartAsync(store);
        var client = world.Client(await world.AddClientAsync());
        await client.SaveStateAsync("store", "n", new Doc(0));
        await Parallel.ForAsync(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (_, token) =>
        {
            for (var done = 0; done < Each;)
            {
                var (doc, etag) = await client.GetStateAndETagAsync<Doc>("store", "n", cancellationToken: token);
                done += await client.TrySaveStateAsync("store", "n", new Doc(doc.Value + 1), etag, cancellationToken: token) ? 1 : 0;
            }
        });
        (await client.GetStateAsync<Doc>("store", "n")).ShouldBe(new(Writers * Each));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task S13_apps_do_not_see_each_other(string store)
    {
        await using var world = await StartAsync(store);
        var one = world.Client(await world.AddClientAsync("one"));
        var two = world.Client(await world.AddClientAsync("two"));
        await one.SaveStateAsync("store", K, new Doc(1));
        (await two.GetStateAsync<Doc>("store", K)).ShouldBeNull();
    }

    [Fact]
    public async Task S14_with_keyPrefix_name_apps_share_the_keys_of_a_store()
    {
        await using var world = await target.StartAsync(Components.Component("store", "state.in-memory/v1", ("keyPrefix", "name")));
        var one = world.Client(await world.AddClientAsync("one"));
        var two = world.Client(await world.AddClientAsync("two"));
        await one.SaveStateAsync("store", K, new Doc(1));
        (await two.GetStateAsync<Doc>("store", K)).ShouldBe(target.IsDapr ? null : new Doc(1), "state.in-memory is private to each daprd");
    }

    static StatusCode Status(DaprException error) => ((RpcException)error.InnerException!).StatusCode;

    Task<IWorld> StartAsync(string store)
    {
        if (store == "in-memory")
        {
            return target.StartAsync();
        }

        var version = store[^2..];
        var table = "t" + Guid.NewGuid().ToString("N")[..12];
        return target.StartAsync(Components.Component(
            "store", "state.postgresql/" + version, ("connectionString", Postgres!), (version == "v1" ? "tableName" : "tablePrefix", table)));
    }
}
