using Forewarn.Analytics;

namespace Forewarn.Models.Tests.Joint;

public sealed class JointGraphTests
{
    [Theory]
    [InlineData(1, 1, 1.0, 0.25)]
    [InlineData(2, 2, 1.0, 0.25)]
    [InlineData(3, 7, 1.0, 0.25)]
    [InlineData(4, 7, 0.0, 0.0)]
    [InlineData(5, 7, 0.0, 0.25)]
    [InlineData(6, 7, 0.5, 0.0)]
    [InlineData(7, 38, 1.0, 0.25)]
    public void Onnx_and_csharp_agree(long seed, int metrics, double neighbours, double forest)
    {
        var options = new JointOptions { Seed = seed, NeighbourWeight = neighbours, ForestWeight = forest };
        var trained = JointModels.Train(seed, metrics, missing: 0.02, options: options);
        using var scorer = OnnxScorer.Load(JointModels.File(trained));
        scorer.Metrics.ShouldBe(metrics);
        var proof = new JointProof(trained.Model, scorer, JointModels.Read(scorer, trained));

        proof.Take("a", trained.Scalings[0], JointModels.Features(seed, 600, metrics, missing: 0.02));
        proof.Take("b", trained.Scalings[1], JointModels.Features(seed + 9, 1000, metrics, missing: 0.1, strange: 0.3));

        var found = proof.Require();
        found.Rows.ShouldBe(3200);
        found.LargestMetric.ShouldBeLessThan(5e-4f);
    }

    [Fact]
    public void Energies_agree_to_a_ten_thousandth_however_strange_the_row()
    {
        var trained = JointModels.Train(11, 7);
        using var scorer = OnnxScorer.Load(JointModels.File(trained));
        const int rows = 500, metrics = 7;
        var features = JointModels.Features(12, rows, metrics, strange: 0.9);
        var scaled = JointModels.Scaled(features, trained.Scalings[0], metrics);
        float[] scores = new float[rows], energy = new float[rows * metrics];
        scorer.Score(scaled, rows, scores, new ScoreDetails(energy, []));

        var batch = new JointBatch(trained.Model, rows);
        for (var row = 0; row < rows; row++)
            batch.Add(JointModels.Row(features, row, metrics), trained.Scalings[0]);
        batch.Score();
        energy.Max().ShouldBeGreaterThan(10);
        for (var row = 0; row < rows; row++)
        {
            for (var metric = 0; metric < metrics; metric++)
            {
                var ours = batch.ContributionsOf(row)[metric] * metrics;
                energy[(row * metrics) + metric].ShouldBe(ours, 1e-4f * Math.Max(1, ours));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    public void A_batch_scores_each_row_as_it_does_alone(int size)
    {
        var trained = JointModels.Train(21, 7);
        using var scorer = OnnxScorer.Load(JointModels.File(trained));
        const int rows = 64, metrics = 7;
        var scaled = JointModels.Scaled(JointModels.Features(22, rows, metrics, strange: 0.5), trained.Scalings[1], metrics);
        float[] whole = new float[rows], parts = new float[rows];
        float[] wholeEnergy = new float[rows * metrics], partEnergy = new float[rows * metrics];
        scorer.Score(scaled, rows, whole, new ScoreDetails(wholeEnergy, []));
        for (var at = 0; at < rows; at += size)
        {
            var count = Math.Min(size, rows - at);
            scorer.Score(
                scaled.AsSpan(at * scorer.Inputs, count * scorer.Inputs), count, parts.AsSpan(at), new ScoreDetails(partEnergy.AsSpan(at * metrics), []));
        }
        // Sums may be ordered otherwise in another size of batch.
        parts.Zip(whole, (one, other) => Math.Abs(one - other)).Max().ShouldBeLessThan(1e-4f);
        partEnergy.Zip(wholeEnergy, (one, other) => Math.Abs(one - other)).Max().ShouldBeLessThan(1e-3f);
    }

    [Fact]
    public void The_same_model_and_metadata_give_the_same_bytes_and_another_seed_others()
    {
        var bytes = JointModels.File(JointModels.Train(31, 2));

        JointModels.File(JointModels.Train(31, 2)).ShouldBe(bytes);
        JointModels.File(JointModels.Train(32, 2)).ShouldNotBe(bytes);
    }

    [Fact]
    public void A_metric_that_leaves_the_others_has_the_largest_energy_and_is_expected_where_they_are()
    {
        const int metrics = 7;
        var trained = JointModels.Train(41, metrics);
        using var scorer = OnnxScorer.Load(JointModels.File(trained));
        var features = JointModels.Features(42, 1, metrics);
        var usual = JointModels.Scaled(features, trained.Scalings[0], metrics);
        for (var i = 0; i < JointRow.Count; i++)
            features[(2 * JointRow.Count) + i] += 8;
        var scaled = JointModels.Scaled(features, trained.Scalings[0], metrics);
        float[] score = new float[1], energy = new float[metrics], expected = new float[metrics];
        scorer.Score(scaled, 1, score, new ScoreDetails(energy, expected));

        energy.IndexOf(energy.Max()).ShouldBe(2);
        score[0].ShouldBeGreaterThan(trained.Scores.Max());
        var at = 2 * JointRow.Count;
        Math.Abs(expected[2] - usual[at]).ShouldBeLessThan(Math.Abs(scaled[at] - usual[at]));
    }

    [Fact]
    public void Neighbours_that_a_graph_cannot_rank_are_refused()
    {
        var trained = JointModels.Train(51, 2, options: new JointOptions { References = 2 });
        Should.Throw<ArgumentException>(() => JointGraph.Write(trained.Model, [])).Message.ShouldContain("2 references");
    }
}
