using CsCheck;
using DevSidecar.DurableLog;

namespace DevSidecar.Tests;

public sealed class OffsetRangesTests
{
    [Fact]
    public void It_is_a_set_of_offsets_in_few_ranges() => Gen.Select(Gen.Int[0, 60], Gen.Int[0, 8]).List[0, 30].Sample(adds =>
    {
        var (ranges, model) = (new OffsetRanges(), new SortedSet<long>());
        foreach (var (first, more) in adds)
        {
            ranges.Add(first, first + more);
            model.UnionWith(Enumerable.Range(first, more + 1).Select(i => (long)i));
        }

        ranges.CountIn(0, 100).ShouldBe(model.Count);
        ranges.CountIn(10, 20).ShouldBe(model.Count(o => o is >= 10 and < 20));
        for (var offset = 0; offset < 70; offset++)
        {
            ranges.NextMissing(offset).ShouldBe(Enumerable.Range(offset, 80).First(o => !model.Contains(o)));
        }

        ranges.Ranges.Zip(ranges.Ranges.Skip(1)).ShouldAllBe(pair => pair.First.Last + 1 < pair.Second.First);
        ranges.DropBelow(15);
        ranges.CountIn(0, 100).ShouldBe(model.Count(o => o >= 15));
    });
}
