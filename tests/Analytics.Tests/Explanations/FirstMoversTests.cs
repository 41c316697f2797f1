namespace Forewarn.Analytics.Tests.Explanations;

public sealed class FirstMoversTests
{
    [Fact]
    public void The_one_that_has_been_strange_for_longest_moved_first()
    {
        var movers = new FirstMovers();
        movers.First.ShouldBeNull();
        movers.Take(1, [0, 9, 0]);
        movers.Take(2, [20, 9, 0]);
        movers.First.ShouldBe((1, 1));
        movers.Take(3, [20, 0, 30]);
        movers.First.ShouldBe((1, 1), "a lapse is no end");
        for (var t = 4; t < 12; t++)
            movers.Take(t, [20, 0, 30]);
        movers.First.ShouldBe((0, 2));
    }

    [Fact]
    public void A_restored_one_knows_the_same()
    {
        var (movers, random) = (new FirstMovers(), new SeededRandom(5));
        for (var t = 0; t < 500; t++)
        {
            float[] energies = [.. Enumerable.Range(0, 4).Select(_ => (float)(random.NextDouble() * 7))];
            movers.Take(t, energies);
            var copy = Copy(movers);
            (movers.First, copy.First).ShouldBe((copy.First, movers.First));
            movers = copy;
        }
    }

    static FirstMovers Copy(FirstMovers movers)
    {
        var stream = new MemoryStream();
        movers.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return FirstMovers.Read(new BinaryReader(stream));
    }
}
