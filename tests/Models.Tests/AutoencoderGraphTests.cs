using CsCheck;
using Forewarn.Analytics;

namespace Forewarn.Models.Tests;

public sealed class AutoencoderGraphTests
{
    const float Tolerance = 1e-5f;

    [Fact]
    public void Onnx_and_csharp_agree_on_any_autoencoder() => Gen.Select(Gen.Int[1, 100_000], Gen.Int[2, 30], Gen.Int[1, 40], Gen.Float[1e-3f, 1e3f]).Sample(
        (seed, features, hidden, size) =>
        {
            var rows = Forests.Rows(seed, 200, features).Select(value => value * size).ToArray();
            var autoencoder = Autoencoder.Train(rows, 200, features, new AutoencoderOptions { Hidden = hidden, Bottleneck = 1, Epochs = 2, Seed = seed });
            var unseen = Forests.Rows(seed + 1, 100, features).Select(value => 2 * value * size).ToArray();

            MaxDifference(autoencoder, rows, 200).ShouldBeLessThan(Tolerance);
            MaxDifference(autoencoder, unseen, 100).ShouldBeLessThan(Tolerance);
        },
        iter: 40, threads: 1);

    [Fact]
    public void Rows_that_come_back_almost_whole_still_agree()
    {
        var rows = Enumerable.Repeat(new[] { 1f, 2f, 3f }, 100).SelectMany(row => row).ToArray();
        var autoencoder = Autoencoder.Train(rows, 100, 3, new AutoencoderOptions { Bottleneck = 1 });

        MaxDifference(autoencoder, rows, 100).ShouldBeLessThan(Tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(3000)]
    public void Every_batch_size_gives_the_same_scores(int count) =>
        MaxDifference(Shared.Value, Forests.Rows(8, count, 6), count).ShouldBeLessThan(Tolerance);

    [Fact]
    public void Huge_values_score_alike_finite_and_below_one()
    {
        using var scorer = OnnxScorer.Load(AutoencoderGraph.Write(Shared.Value, []));
        float[] row = [1e30f, -1e30f, 0, 1e10f, -5, 1e5f];
        var score = new float[1];
        scorer.Score(row, 1, score);

        score[0].ShouldBe(Shared.Value.Score(row), Tolerance);
        score[0].ShouldBeInRange(0.5f, 0.9999f);
    }

    [Fact]
    public void The_same_autoencoder_gives_the_same_bytes_and_another_seed_gives_others()
    {
        AutoencoderGraph.Write(Train(4), []).ShouldBe(AutoencoderGraph.Write(Train(4), []));
        AutoencoderGraph.Write(Train(5), []).ShouldNotBe(AutoencoderGraph.Write(Train(4), []));
    }

    static readonly Lazy<Autoencoder> Shared = new(() => Train(7));

    static Autoencoder Train(int seed) => Autoencoder.Train(Forests.Rows(3, 500, 6), 500, 6, new AutoencoderOptions { Epochs = 5, Seed = seed });

    static float MaxDifference(Autoencoder autoencoder, float[] rows, int count)
    {
        using var scorer = OnnxScorer.Load(AutoencoderGraph.Write(autoencoder, []));
        var scores = new float[count];
        scorer.Score(rows, count, scores);
        var worst = 0f;
        for (var i = 0; i < count; i++)
        {
            var difference = Math.Abs(scores[i] - autoencoder.Score(rows.AsSpan(i * autoencoder.Features, autoencoder.Features)));
            worst = float.IsNaN(difference) ? float.PositiveInfinity : Math.Max(worst, difference);
        }
        return worst;
    }
}
