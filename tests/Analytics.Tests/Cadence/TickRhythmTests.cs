using CsCheck;

namespace Forewarn.Analytics.Tests.Cadence;

public sealed class TickRhythmTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(15, false)]
    [InlineData(30, false)]
    [InlineData(44, false)]
    [InlineData(60, true)]
    [InlineData(300, true)]
    [InlineData(3600, true)]
    public void Ticks_a_minute_apart_or_slower_are_slow_before_the_entity_stops_being_cold(int seconds, bool isSlow)
    {
        var rhythm = new TickRhythm();
        Feed(rhythm, 0, Enumerable.Repeat(seconds, MaturityLevels.WarmingSamples - 1)).ShouldBe(isSlow);
    }

    [Fact]
    public void A_probe_of_each_minute_that_is_early_or_late_stays_slow() =>
        Gen.Int[56, 64].Array[30].Sample(intervals => Feed(new TickRhythm(), 0, intervals).ShouldBeTrue());

    [Fact]
    public void An_odd_interval_among_two_usual_ones_turns_nothing() =>
        Gen.Select(Gen.Int[1, 1000].Array[40], Gen.Bool).Sample((odd, isSlow) =>
        {
            var usual = isSlow ? 300 : 1;
            var (rhythm, seen) = (new TickRhythm(), new List<bool>());
            var t = Settle(rhythm, usual);
            foreach (var interval in odd.SelectMany(interval => new[] { usual, interval, usual }))
                seen.Add(rhythm.Take(t += interval * 1000L));
            seen.ShouldAllBe(slow => slow == isSlow);
        });

    [Theory]
    [InlineData(300, 1)]
    [InlineData(60, 10)]
    [InlineData(1, 300)]
    public void Another_rhythm_that_lasts_is_learned_once(int before, int after)
    {
        var rhythm = new TickRhythm();
        var t = Settle(rhythm, before);
        bool[] seen = [.. Enumerable.Range(0, 30).Select(_ => rhythm.Take(t += after * 1000L))];
        seen.ShouldBe([.. Enumerable.Repeat(before >= 60, 7), .. Enumerable.Repeat(after >= 60, 23)]);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(1, false)]
    public void What_lies_between_leaves_it_as_it_was(int before, bool isSlow)
    {
        var rhythm = new TickRhythm();
        Feed(rhythm, Settle(rhythm, before), Enumerable.Repeat(50, 100)).ShouldBe(isSlow);
    }

    [Fact]
    public void Ticks_that_do_not_come_later_say_nothing()
    {
        var rhythm = new TickRhythm();
        var t = Settle(rhythm, 300);
        for (var i = 0; i < 20; i++)
            rhythm.Take(t - i).ShouldBeTrue();
        rhythm.Take(t + 300_000).ShouldBeTrue();
    }

    [Fact]
    public void A_checkpoint_continues_as_if_nothing_had_happened() => Gen.Select(Gen.Int[1, 120].Array[1, 60], Gen.Int[0, 59]).Sample((intervals, cut) =>
    {
        TickRhythm original = new(), restored = new();
        var t = 0L;
        for (var i = 0; i < intervals.Length; i++)
        {
            if (i == cut)
                restored = TickRhythm.Read(Written(original));
            t += intervals[i] * 1000L;
            var expected = original.Take(t);
            if (i >= cut)
                restored.Take(t).ShouldBe(expected);
        }
    });

    [Fact]
    public void A_foreign_checkpoint_is_refused()
    {
        var reader = Written(new TickRhythm());
        reader.BaseStream.Position = 1;
        Should.Throw<InvalidDataException>(() => TickRhythm.Read(reader)).Message.ShouldContain("a rhythm");
    }

    static long Settle(TickRhythm rhythm, int seconds)
    {
        Feed(rhythm, 0, Enumerable.Repeat(seconds, 20)).ShouldBe(seconds >= 60);
        return seconds * 20_000L;
    }

    static BinaryReader Written(TickRhythm rhythm)
    {
        var stream = new MemoryStream();
        rhythm.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return new BinaryReader(stream);
    }

    static bool Feed(TickRhythm rhythm, long from, IEnumerable<int> seconds)
    {
        rhythm.Take(from);
        foreach (var interval in seconds)
            rhythm.Take(from += interval * 1000L);
        return rhythm.IsSlow;
    }
}
