using CsCheck;

namespace Forewarn.Ingestion.Tests;

public sealed class SeriesCacheTests
{
    [Fact]
    public void What_is_found_is_what_was_added_and_what_is_asked_for_all_the_time_stays() =>
        Gen.Int[0, 60].Array[1, 300].Sample(names =>
        {
            var cache = new SeriesCache<string>(8);
            cache.Add("always"u8, "always");
            foreach (var name in names)
            {
                var bytes = BitConverter.GetBytes(name);
                if (cache.TryGet(bytes, out var known))
                    known.ShouldBe($"{name}");
                else
                    cache.Add(bytes, $"{name}");
                cache.TryGet("always"u8, out var always).ShouldBeTrue();
                always.ShouldBe("always");
            }
        }, seed: "0N0XIzNsQ0O2", iter: 300);

    [Fact]
    public void It_holds_two_generations_at_most()
    {
        var cache = new SeriesCache<string>(100);
        for (var i = 0; i < 10_000; i++)
            cache.Add(BitConverter.GetBytes(i), "x");
        Enumerable.Range(0, 10_000).Count(i => cache.TryGet(BitConverter.GetBytes(i), out _)).ShouldBeLessThanOrEqualTo(200);
    }
}
