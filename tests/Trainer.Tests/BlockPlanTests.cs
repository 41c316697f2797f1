using CsCheck;
using Forewarn.Analytics;

namespace Forewarn.Trainer.Tests;

public sealed class BlockPlanTests
{
    [Fact]
    public void Blocks_lie_inside_the_span_ascend_and_never_overlap() =>
        Gen.Select(Gen.Long[0, 1_000_000], Gen.Long[0, 1_000_000], Gen.Long[1, 100_000], Gen.Int[0, 50], Gen.Int).Sample((from, length, block, wanted, seed) =>
        {
            var to = from + length;
            var stretches = BlockPlan.Draw(from, to, block, wanted, new SeededRandom(seed));
            var end = from - 1;
            foreach (var (start, stop) in stretches)
            {
                start.ShouldBeGreaterThan(end);
                stop.ShouldBeGreaterThan(start);
                stop.ShouldBeLessThanOrEqualTo(to);
                end = stop;
            }
            var slots = length == 0 ? 0 : (length + block - 1) / block;
            stretches.Sum(stretch => (stretch.To - stretch.From + block - 1) / block).ShouldBe(Math.Min(wanted, slots));
        });

    [Fact]
    public void A_span_with_no_more_blocks_than_wanted_is_read_whole() =>
        BlockPlan.Draw(100, 2000, 600, 4, new SeededRandom(1)).ShouldBe([(100L, 2000L)]);

    [Fact]
    public void The_same_seed_draws_the_same_blocks() =>
        BlockPlan.Draw(0, 1_000_000, 600, 10, new SeededRandom(7)).ShouldBe(BlockPlan.Draw(0, 1_000_000, 600, 10, new SeededRandom(7)));
}
