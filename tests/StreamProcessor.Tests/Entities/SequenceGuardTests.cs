using CsCheck;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor.Tests;

public sealed class SequenceGuardTests
{
    [Fact]
    public void Numbers_in_order_are_next_and_repeats_are_duplicates()
    {
        var guard = new SequenceGuard();
        guard.Check("a", 1).ShouldBe(SequenceVerdict.First);
        guard.Accept("a", 1);
        guard.Check("a", 1).ShouldBe(SequenceVerdict.Duplicate);
        guard.Check("a", 2).ShouldBe(SequenceVerdict.Next);
        guard.Accept("a", 2);
        guard.Check("a", 4).ShouldBe(SequenceVerdict.Gap);
        guard.Check("b", 7).ShouldBe(SequenceVerdict.Gap);
        guard.Check("b", 1).ShouldBe(SequenceVerdict.First);
    }

    [Fact]
    public void A_message_that_was_overtaken_is_taken_once()
    {
        var guard = new SequenceGuard();
        guard.Accept("a", 1);
        guard.Accept("a", 3);
        guard.Check("a", 2).ShouldBe(SequenceVerdict.Next);
        guard.Accept("a", 2);
        guard.Check("a", 2).ShouldBe(SequenceVerdict.Duplicate);
        guard.Check("a", 4).ShouldBe(SequenceVerdict.Next);
    }

    [Fact]
    public void Whatever_the_order_no_number_is_accepted_twice()
    {
        Gen.Select(Gen.Int[0, 2].Select(i => "abc"[i].ToString()), Gen.Long[1, 200]).List[1, 400].Sample(messages =>
        {
            var guard = new SequenceGuard();
            var taken = new HashSet<(string, long)>();
            foreach (var (producer, seq) in messages)
            {
                if (guard.Check(producer, seq) == SequenceVerdict.Duplicate)
                    continue;
                taken.Add((producer, seq)).ShouldBeTrue();
                guard.Accept(producer, seq);
                guard.Check(producer, seq).ShouldBe(SequenceVerdict.Duplicate);
            }
        });
    }

    [Fact]
    public void A_checkpoint_remembers_everything()
    {
        Gen.Select(Gen.Int[0, 1].Select(i => "ab"[i].ToString()), Gen.Long[1, 90]).List[1, 100].Sample(messages =>
        {
            var guard = new SequenceGuard();
            foreach (var (producer, seq) in messages)
                guard.Accept(producer, seq);
            using var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes);
            guard.Write(writer);
            bytes.Position = 0;
            using var reader = new BinaryReader(bytes);
            var copy = SequenceGuard.Read(reader);
            for (var seq = 1; seq < 100; seq++)
            {
                copy.Check("a", seq).ShouldBe(guard.Check("a", seq));
                copy.Check("b", seq).ShouldBe(guard.Check("b", seq));
            }
        });
    }
}
