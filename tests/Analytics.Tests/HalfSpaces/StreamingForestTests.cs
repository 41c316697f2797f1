using CsCheck;

namespace Forewarn.Analytics.Tests.HalfSpaces;

public sealed class StreamingForestTests
{
    const int Features = 4, Window = 200;

    static readonly HalfSpaceForest Forest = HalfSpaceSamples.Forest(seed: 1, Features, Window);

    [Fact]
    public void It_begins_where_training_ended()
    {
        var stream = new StreamingForest(Forest);
        Gen.Float[-5, 5].Array[Features].Sample(row => stream.Score(row).ShouldBe(Forest.Score(row)), iter: 200, threads: 1);
    }

    [Fact]
    public void Scoring_changes_nothing_and_learning_nothing_before_a_window_is_full()
    {
        var stream = new StreamingForest(Forest);
        float[] far = [6, 6, 6, 6];
        for (var i = 0; i < Window - 1; i++)
        {
            stream.Learn(far);
            stream.Score(far).ShouldBe(Forest.Score(far));
        }

        stream.Learn(far);
        stream.Score(far).ShouldBeLessThan(Forest.Score(far));
    }

    [Fact]
    public void A_level_that_stays_becomes_usual_and_the_one_before_is_forgotten()
    {
        var stream = new StreamingForest(Forest);
        float[] before = [0, 0, 0, 0];
        var scores = new List<(float Before, float After)>();
        var random = new SeededRandom(2);
        for (var window = 0; window < 8; window++)
        {
            scores.Add((stream.Score(before), stream.Score([2.5f, 2.5f, 2.5f, 2.5f])));
            for (var i = 0; i < Window; i++)
            {
                stream.Learn([.. Enumerable.Range(0, Features).Select(_ => 2.5f + (0.3f * (float)random.NextGaussian()))]);
            }
        }

        // Later windows differ by chance only.
        scores.Take(4).Select(pair => pair.After).ShouldBeInOrder(SortDirection.Descending);
        scores.Take(4).Select(pair => pair.Before).ShouldBeInOrder();
        scores[0].After.ShouldBeGreaterThan(scores[0].Before);
        scores[^1].After.ShouldBeLessThan(scores[^1].Before);
    }

    [Fact]
    public void One_wild_hour_does_not_become_the_only_measure()
    {
        var stream = new StreamingForest(Forest);
        float[] ordinary = [0, 0, 0, 0];
        for (var i = 0; i < Window; i++)
        {
            stream.Learn([9, -9, 9, -9]);
        }

        stream.Score(ordinary).ShouldBeLessThan(stream.Score([-3, 3, -3, 3]));
    }

    [Fact]
    public void A_checkpoint_at_any_row_goes_on_as_if_there_had_been_none() => Gen.Select(Gen.Int[1, 100_000], Gen.Int[0, 3 * Window]).Sample(
        (seed, before) =>
        {
            var stream = new StreamingForest(Forest);
            var rows = HalfSpaceSamples.Gaussian(seed, before + Window, Features);
            for (var i = 0; i < before; i++)
            {
                stream.Learn(rows.AsSpan(i * Features, Features));
            }

            var restored = Restore(stream);
            for (var i = before; i < before + Window; i++)
            {
                var row = rows.AsSpan(i * Features, Features);
                restored.Score(row).ShouldBe(stream.Score(row));
                stream.Learn(row);
                restored.Learn(row);
            }

            Bytes(restored).ShouldBe(Bytes(stream));
        },
        iter: 30);

    [Fact]
    public void A_checkpoint_of_another_forest_or_a_damaged_one_is_refused()
    {
        var bytes = Bytes(new StreamingForest(Forest));
        Should.Throw<InvalidDataException>(() => StreamingForest.Read(new BinaryReader(new MemoryStream(bytes)), HalfSpaceForest.Train(
            HalfSpaceSamples.Gaussian(1, 100, Features), 100, Features, new HalfSpaceOptions { Trees = 3 }))).Message.ShouldContain("leaves");
        bytes[0] = 9;
        Should.Throw<InvalidDataException>(() => StreamingForest.Read(new BinaryReader(new MemoryStream(bytes)), Forest)).Message.ShouldContain("version 9");
    }

    [Fact]
    public void A_tick_allocates_nothing()
    {
        var stream = new StreamingForest(Forest);
        float[] row = [1, 2, 3, 4];
        stream.Learn(row);
        stream.Score(row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 3 * Window; i++)
        {
            stream.Score(row);
            stream.Learn(row);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    static StreamingForest Restore(StreamingForest stream) => StreamingForest.Read(new BinaryReader(new MemoryStream(Bytes(stream))), Forest);

    static byte[] Bytes(StreamingForest stream)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        stream.Write(writer);
        writer.Flush();
        return memory.ToArray();
    }
}
