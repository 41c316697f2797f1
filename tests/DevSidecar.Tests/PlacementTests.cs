using CsCheck;
using DevSidecar.Actors;

namespace DevSidecar.Tests;

public sealed class PlacementTests
{
    static readonly string[] Hosts = ["a", "b", "c", "d"];

    [Fact]
    public void Actors_spread_over_the_hosts()
    {
        var counts = Enumerable.Range(0, 4000).GroupBy(i => Choose(Hosts, $"actor-{i}")).ToDictionary(g => g.Key!, g => g.Count());
        counts.Values.ShouldAllBe(n => n > 800 && n < 1200);
    }

    [Fact]
    public void When_a_host_goes_only_its_actors_move() => Gen.String.Sample(id =>
    {
        var before = Choose(Hosts, id);
        var after = Choose(Hosts[..^1], id);
        return before == "d" ? after is "a" or "b" or "c" : after == before;
    });

    [Fact]
    public void The_order_of_the_hosts_does_not_matter() => Gen.Select(Gen.String, Gen.Shuffle(Hosts)).Sample((id, order) => Choose(order, id) == Choose(Hosts, id));

    static string? Choose(string[] hosts, string id) => Placement.Choose(hosts, h => h, new("T", id));
}
