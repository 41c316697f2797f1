using CsCheck;

namespace Forewarn.StreamProcessor.Tests;

public sealed class RhythmTests
{
    static readonly Gen<int[]> Patterns = Gen.Int[20, 40_000].Array[1, 40];

    [Fact]
    public void Nobody_is_missed_within_a_pattern_of_pauses_that_it_has_shown()
    {
        Patterns.Sample(pauses =>
        {
            var rhythm = new Rhythm();
            for (var round = 0; round < 40; round++)
            {
                foreach (var pause in pauses)
                {
                    if (round >= 20)
                        ((double)pause).ShouldBeLessThanOrEqualTo(rhythm.LimitMs);
                    rhythm.Observe(pause);
                }
            }
        });
    }

    [Fact]
    public void A_regular_sender_is_missed_after_two_and_a_half_intervals_whatever_was_before()
    {
        Gen.Select(Patterns, Gen.Int[1000, 100_000]).Sample((before, interval) =>
        {
            var rhythm = new Rhythm();
            foreach (var pause in before)
                rhythm.Observe(pause);
            for (var i = 0; i < 4000; i++)
                rhythm.Observe(interval);
            rhythm.LimitMs.ShouldBe(2.5 * interval, 0.01 * interval);
        });
    }

    [Fact]
    public void A_single_outage_leaves_the_limit_below_three_intervals()
    {
        Gen.Int[3000, 10_000_000].Sample(outage =>
        {
            var rhythm = new Rhythm();
            for (var i = 0; i < 100; i++)
                rhythm.Observe(1000);
            rhythm.Observe(outage);
            rhythm.LimitMs.ShouldBeLessThan(3000);
        });
    }

    [Fact]
    public void It_survives_a_checkpoint()
    {
        Patterns.Sample(pauses =>
        {
            var rhythm = new Rhythm();
            foreach (var pause in pauses)
                rhythm.Observe(pause);
            using var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes);
            rhythm.Write(writer);
            bytes.Position = 0;
            var read = Rhythm.Read(new BinaryReader(bytes));
            rhythm.Observe(900);
            read.Observe(900);
            (read.LimitMs, read.IntervalMs).ShouldBe((rhythm.LimitMs, rhythm.IntervalMs));
        });
    }
}
