using CsCheck;

namespace Forewarn.Analytics.Tests.Autoencoders;

public sealed class AutoencoderTests(ITestOutputHelper output)
{
    const int Features = 6;

    [Fact]
    public void The_same_rows_and_seed_give_the_same_autoencoder_bit_for_bit() => Gen.Int[0, 10_000].Sample(
        seed =>
        {
            var rows = Structured(seed, 200);
            var (first, second) = (Train(rows, seed), Train(rows, seed));
            for (var i = 0; i < first.Layers.Count; i++)
            {
                first.Layers[i].Weights.ShouldBe(second.Layers[i].Weights);
                first.Layers[i].Biases.ShouldBe(second.Layers[i].Biases);
            }

            first.UsualError.ShouldBe(second.UsualError);
            Train(rows, seed + 1).Layers[0].Weights.ShouldNotBe(first.Layers[0].Weights);
        },
        iter: 10);

    [Fact]
    public void Training_on_several_threads_at_once_changes_nothing()
    {
        var rows = Structured(2, 300);
        var alone = Train(rows, 1);
        var together = new Autoencoder[4];
        Parallel.For(0, together.Length, i => together[i] = Train(rows, 1));

        foreach (var other in together)
        {
            other.Layers[^1].Weights.ShouldBe(alone.Layers[^1].Weights);
        }
    }

    [Fact]
    public void What_has_structure_comes_back_better_the_longer_it_learns()
    {
        var rows = Structured(3, 2000);
        var unseen = Structured(4, 500);
        var errors = new[] { 1, 5, 40 }.Select(epochs => MeanError(Autoencoder.Train(rows, 2000, Features, new AutoencoderOptions { Bottleneck = 2, Epochs = epochs }), unseen)).ToArray();

        output.WriteLine($"mean error on unseen rows after 1, 5, 40 passes: {string.Join(", ", errors)}");
        errors[1].ShouldBeLessThan(errors[0]);
        errors[2].ShouldBeLessThan(errors[1]);
        errors[2].ShouldBeLessThan(0.6 * errors[0]);
    }

    [Fact]
    public void Training_ends_when_held_out_rows_gain_nothing_more()
    {
        var random = new SeededRandom(5);
        var noise = Enumerable.Range(0, 300 * Features).Select(_ => (float)random.NextGaussian()).ToArray();
        var passes = new List<int>();
        var autoencoder = Autoencoder.Train(noise, 300, Features, new AutoencoderOptions { Epochs = 500, Patience = 3 }, passes.Add);

        autoencoder.Epochs.ShouldBeLessThan(500);
        passes.ShouldBe(Enumerable.Range(1, autoencoder.Epochs));
    }

    [Fact]
    public void A_broken_correlation_stands_out_although_every_value_is_ordinary()
    {
        var autoencoder = Autoencoder.Train(Structured(6, 4000), 4000, Features, new AutoencoderOptions { Bottleneck = 2 });
        var normal = Structured(7, 1000);
        var broken = normal.ToArray();
        for (var i = 0; i < 1000; i++)
        {
            // The second entry is three times the first everywhere; here it is that of another row.
            broken[(i * Features) + 1] = normal[((i + 500) % 1000 * Features) + 1];
        }

        var (ordinary, strange) = (Scores(autoencoder, normal), Scores(autoencoder, broken));
        var auc = strange.Average(p => ordinary.Average(n => p > n ? 1.0 : p == n ? 0.5 : 0));
        output.WriteLine($"ROC-AUC of broken correlations {auc:F3}; medians {Median(ordinary):F3} and {Median(strange):F3}");
        auc.ShouldBeGreaterThan(0.85);
    }

    [Fact]
    public void Scores_lie_in_zero_to_one_half_of_the_ordinary_rows_below_a_half_and_grow_with_the_deviation()
    {
        var autoencoder = Shared.Value;
        var ordinary = Scores(autoencoder, Structured(9, 1000));
        ordinary.ShouldAllBe(score => score >= 0 && score < 1);
        Median(ordinary).ShouldBe(0.5f, 0.08f);
        Gen.Float[-1e6f, 1e6f].Array[Features].Sample(row => autoencoder.Score(row).ShouldBeInRange(0, 0.9999f), iter: 1000);

        var far = new[] { 1f, 3, 10, 100 }.Select(size => autoencoder.Score([size, -3 * size, 0, 0, 0, 0])).ToArray();
        far.ShouldBeInOrder();
    }

    [Fact]
    public void One_row_far_out_among_the_training_rows_hardly_moves_the_others()
    {
        var rows = Structured(10, 1000);
        var calm = Train(rows, 1);
        rows[0] = 60;
        var shaken = Train(rows, 1);
        var unseen = Structured(11, 300);

        output.WriteLine($"mean error {MeanError(calm, unseen):F4}, after one row at 60 deviations {MeanError(shaken, unseen):F4}");
        MeanError(shaken, unseen).ShouldBeLessThan(1.5 * MeanError(calm, unseen));
    }

    [Fact]
    public void An_entry_that_never_changed_stays_finite()
    {
        var rows = Structured(12, 200);
        for (var at = 2; at < rows.Length; at += Features)
        {
            rows[at] = 7;
        }

        var autoencoder = Train(rows, 1);
        Scores(autoencoder, rows).ShouldAllBe(score => float.IsFinite(score));
        autoencoder.Score([0, 0, 8, 0, 0, 0]).ShouldBeGreaterThan(autoencoder.Score([0, 0, 7, 0, 0, 0]));
    }

    [Fact]
    public void Rows_that_cannot_be_learned_from_are_refused()
    {
        var rows = Structured(13, 50);
        Should.Throw<ArgumentException>(() => Autoencoder.Train(rows, 50, Features, new AutoencoderOptions { Bottleneck = Features })).Message.ShouldContain("bottleneck");
        Should.Throw<ArgumentException>(() => Autoencoder.Train(rows, 49, Features, new AutoencoderOptions()));
        rows[33] = float.NaN;
        Should.Throw<ArgumentException>(() => Train(rows, 1)).Message.ShouldContain("finite");
        Should.Throw<ArgumentException>(() => Shared.Value.Score(new float[Features - 1]));
    }

    [Fact]
    public void Scoring_does_not_allocate()
    {
        var row = new float[Features];
        Shared.Value.Score(row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Shared.Value.Score(row);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    static readonly Lazy<Autoencoder> Shared = new(() => Autoencoder.Train(Structured(8, 2000), 2000, Features, new AutoencoderOptions { Bottleneck = 2 }));

    static Autoencoder Train(float[] rows, long seed) =>
        Autoencoder.Train(rows, rows.Length / Features, Features, new AutoencoderOptions { Bottleneck = 2, Epochs = 10, Seed = seed });

    static float[] Scores(Autoencoder autoencoder, float[] rows) =>
        [.. Enumerable.Range(0, rows.Length / Features).Select(i => autoencoder.Score(rows.AsSpan(i * Features, Features)))];

    static double MeanError(Autoencoder autoencoder, float[] rows) =>
        Enumerable.Range(0, rows.Length / Features).Average(i => autoencoder.Error(rows.AsSpan(i * Features, Features)));

    static float Median(float[] values) => values.Order().ElementAt(values.Length / 2);

    // Two hidden numbers make six: what is left after two is noise.
    static float[] Structured(int seed, int count)
    {
        var random = new SeededRandom(seed, 3);
        var rows = new float[count * Features];
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (random.NextGaussian(), random.NextGaussian());
            double[] row = [a, 3 * a, b, -b, a + b, a - b];
            for (var feature = 0; feature < Features; feature++)
            {
                rows[(i * Features) + feature] = (float)(row[feature] + (0.2 * random.NextGaussian()));
            }
        }

        return rows;
    }
}
