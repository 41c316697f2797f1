using CsCheck;

namespace Forewarn.Analytics.Tests.Decisions;

public sealed class DebouncerTests
{
    [Fact]
    public void It_opens_on_the_third_of_five_and_closes_after_quiet()
    {
        var debouncer = new Debouncer(3, 5, TimeSpan.FromSeconds(10));
        bool[] beyond = [true, false, true, false, true];
        for (var i = 0; i < beyond.Length; i++)
        {
            debouncer.Update(i * 1000, beyond[i]).ShouldBe(i == 4 ? DebounceChange.Opened : DebounceChange.None);
        }

        for (var second = 5; second < 14; second++)
        {
            debouncer.Update(second * 1000, beyond: false).ShouldBe(DebounceChange.None);
        }

        debouncer.Update(14_000, beyond: false).ShouldBe(DebounceChange.Closed);
        debouncer.OpenedAtMs.ShouldBe(4000);
    }

    [Fact]
    public void It_behaves_like_its_definition_through_checkpoints() => Gen.Select(Gen.Bool.Array[1, 200], Gen.Int[1, 5], Gen.Int[0, 200]).Sample(
        (ticks, needed, cut) =>
        {
            var debouncer = new Debouncer(needed, 5, TimeSpan.FromSeconds(4));
            var open = false;
            var since = 0;
            for (var i = 0; i < ticks.Length; i++)
            {
                if (i == cut)
                {
                    debouncer = Copy(debouncer);
                }

                debouncer.Update(i * 1000, ticks[i]);
                var recent = ticks[Math.Max(since, i - 4)..(i + 1)].Count(beyond => beyond);
                if (!open && recent >= needed)
                {
                    open = true;
                }
                else if (open && i >= 4 && !ticks[(i - 3)..(i + 1)].Any(beyond => beyond))
                {
                    open = false;
                    since = i + 1;
                }

                debouncer.IsOpen.ShouldBe(open);
            }
        },
        iter: 300);

    [Fact]
    public void Impossible_settings_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new Debouncer(0, 5, TimeSpan.Zero));
        Should.Throw<ArgumentOutOfRangeException>(() => new Debouncer(6, 5, TimeSpan.Zero));
        Should.Throw<ArgumentOutOfRangeException>(() => new Debouncer(3, 33, TimeSpan.Zero));
    }

    static Debouncer Copy(Debouncer debouncer)
    {
        var stream = new MemoryStream();
        debouncer.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return Debouncer.Read(new BinaryReader(stream));
    }
}
