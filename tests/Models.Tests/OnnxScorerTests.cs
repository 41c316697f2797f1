namespace Forewarn.Models.Tests;

public sealed class OnnxScorerTests
{
    [Fact]
    public void Many_threads_score_at_once_with_batches_of_changing_size()
    {
        var forest = Forests.Grow(seed: 11);
        using var scorer = OnnxScorer.Load(Forests.Onnx(forest));

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var count = 1 + (i * 37 % 90);
            var rows = Forests.Rows(i, count, forest.Features);
            Forests.MaxDifference(forest, scorer, rows, count).ShouldBeLessThan(1e-5f);
        });
    }

    [Fact]
    public void Disposing_waits_for_the_scores_under_way_and_refuses_new_ones()
    {
        var forest = Forests.Grow(seed: 12);
        var rows = Forests.Rows(1, 200, forest.Features);
        for (var round = 0; round < 20; round++)
        {
            var scorer = OnnxScorer.Load(Forests.Onnx(forest));
            var scored = 0;
            Parallel.For(0, 40, i =>
            {
                if (i == 20)
                    scorer.Dispose();
                try
                {
                    var scores = new float[200];
                    scorer.Score(rows, 200, scores);
                    scores.ShouldAllBe(score => score > 0);
                    Interlocked.Increment(ref scored);
                }
                catch (ObjectDisposedException)
                {
                    // Came after the end: told so, and nothing worse.
                }
            });
            Should.Throw<ObjectDisposedException>(() => scorer.Score(rows, 200, new float[200]));
            scored.ShouldBeLessThan(40);
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_named()
    {
        using var scorer = OnnxScorer.Load(Forests.Onnx(Forests.Grow(seed: 13)));

        Should.Throw<ArgumentException>(() => scorer.Score(new float[5], 1, new float[1])).Message.ShouldContain("1 rows of 6");
        Should.Throw<ArgumentException>(() => scorer.Score(new float[12], 2, new float[1])).Message.ShouldContain("2 scores");
        scorer.Score([], 0, []);
    }
}
