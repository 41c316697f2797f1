using CsCheck;

namespace Forewarn.Analytics.Tests.Joint;

public sealed class EnergyTests
{
    const int PerMetric = 3;
    const int Metrics = 4;
    const int Width = PerMetric * Metrics;

    [Fact]
    public void A_residual_is_what_the_projection_leaves() => Gen.Long.Sample(
        seed =>
        {
            var (rows, z) = Rows(seed);
            var (values, vectors) = SymmetricEigen.Of(SecondMoments.Of(rows, Width));
            var residual = ResidualEnergy.Of(values, vectors, explained: 0.8);
            var kept = residual.Components;
            values.Take(kept).Sum().ShouldBeGreaterThanOrEqualTo(0.8 * values.Sum() * 0.999999);
            values.Take(kept - 1).Sum().ShouldBeLessThan(0.8 * values.Sum());
            var energies = new float[Metrics];
            residual.Measure(z, 1, PerMetric, new float[residual.ComponentStride], new float[residual.RestoredStride], energies);
            double[] rest = [.. z.Select(value => (double)value)];
            foreach (var vector in vectors.Take(kept))
            {
                var along = vector.Zip(z, (a, b) => a * b).Sum();
                for (var i = 0; i < Width; i++)
                    rest[i] -= along * vector[i];
            }
            for (var metric = 0; metric < Metrics; metric++)
                ((double)energies[metric]).ShouldBe(Math.Log(Math.Sqrt(rest.Skip(metric * PerMetric).Take(PerMetric).Sum(r => r * r)) + 0.05), 1e-4);
        },
        iter: 50);

    [Fact]
    public void A_conditional_energy_is_the_distance_from_what_the_others_let_expect() => Gen.Long.Sample(
        seed =>
        {
            var (rows, z) = Rows(seed);
            var moments = SecondMoments.Of(rows, Width);
            var (values, vectors) = SymmetricEigen.Of(moments);
            var conditional = ConditionalEnergy.Of(values, vectors, PerMetric, ridge: 0.1);
            var energies = new float[Metrics];
            conditional.Measure(z, 1, PerMetric, new float[conditional.Stride], energies);
            for (var i = 0; i < Width; i++)
                moments[i, i] += 0.1;
            for (var metric = 0; metric < Metrics; metric++)
                ((double)energies[metric]).ShouldBe(Math.Log(Math.Sqrt(Conditional(moments, z, metric)) + 0.05), 1e-3);
        },
        iter: 50);

    [Fact]
    public void A_neighbour_distance_is_the_third_smallest_of_those_allowed() => Gen.Select(Gen.Long, Gen.Int[1, 20], Gen.Int[8, 60]).Sample(
        (seed, width, count) =>
        {
            var random = new SeededRandom(seed);
            float[] rows = Numbers(random, width * count), x = Numbers(random, width);
            var neighbours = Neighbours.Of(rows, width);
            var products = new float[neighbours.Stride];
            neighbours.Multiply(x, 1, products);
            var (start, end) = (random.NextInt(3), 3 + random.NextInt(2));
            var third = Enumerable.Range(0, count).Where(i => i < start || i >= end)
                .Select(i => Math.Sqrt(Enumerable.Range(0, width).Sum(k => Math.Pow(rows[(i * width) + k] - x[k], 2)))).Order().ElementAt(2);
            ((double)neighbours.Energy(x, products, start..end)).ShouldBe(Math.Log(third + 0.02), 1e-3);
        },
        iter: 100);

    [Fact]
    public void Rarity_is_the_share_of_energies_as_large() => Gen.Select(Gen.Long, Gen.Int[50, 1000]).Sample(
        (seed, count) =>
        {
            var random = new SeededRandom(seed);
            var energies = Numbers(random, count);
            var tail = EnergyTail.Of((float[])energies.Clone());
            Array.Sort(energies);
            var previous = 0f;
            for (var i = 0; i < count; i++)
            {
                var rarity = tail.RarityOf(energies[i]);
                rarity.ShouldBeGreaterThanOrEqualTo(previous);
                // Energies nearer than a thousandth are one.
                ((double)rarity).ShouldBeGreaterThan(Counted(energies, energies[i] - 0.001f) - 0.06);
                ((double)rarity).ShouldBeLessThan(Counted(energies, energies[i] + 0.001f) + 0.06);
                previous = rarity;
            }
            var (far, farther) = (tail.RarityOf(energies[^1] + 1), tail.RarityOf(energies[^1] + 2));
            far.ShouldBeGreaterThan((float)Math.Log10(count + 1));
            farther.ShouldBeGreaterThanOrEqualTo(far);
            farther.ShouldBeLessThan((float)Math.Log10(count + 1) + 6.1f);
        },
        iter: 100);

    [Fact]
    public void Of_an_energy_that_never_changed_rounding_is_not_rare_and_a_step_is()
    {
        var tail = EnergyTail.Of(Enumerable.Repeat(-2.9957f, 5000).ToArray());
        tail.RarityOf(-2.9957f).ShouldBe(0);
        tail.RarityOf(-2.9957f + 1e-6f).ShouldBeLessThan(0.01f);
        tail.RarityOf(-2.5f).ShouldBeGreaterThan(3.6f);
        EnergyTail.Of([]).RarityOf(5).ShouldBe(0);
    }

    [Fact]
    public void A_tail_survives_its_checkpoint()
    {
        var tail = EnergyTail.Of(Numbers(new SeededRandom(4), 1000));
        var copy = JointSamples.Copy(tail.Write, EnergyTail.Read);
        for (var energy = -4f; energy < 9; energy += 0.01f)
            copy.RarityOf(energy).ShouldBe(tail.RarityOf(energy));
    }

    static double Counted(float[] energies, float least) =>
        -Math.Log10((energies.Count(energy => energy >= least) + 1.0) / (energies.Length + 1));

    // z_f' S^-1 z_f of what remains of f after regression on all others, S its covariance: by Gauss elimination.
    static double Conditional(double[,] covariance, float[] z, int metric)
    {
        int[] own = [.. Enumerable.Range(metric * PerMetric, PerMetric)];
        int[] others = [.. Enumerable.Range(0, Width).Except(own)];
        int[] order = [.. others, .. own];
        var a = new double[Width, Width + 1];
        for (var i = 0; i < Width; i++)
        {
            for (var j = 0; j < Width; j++)
                a[i, j] = covariance[order[i], order[j]];
            a[i, Width] = z[order[i]];
        }
        double distance = 0;
        for (var pivot = 0; pivot < Width; pivot++)
        {
            if (pivot >= others.Length)
                distance += a[pivot, Width] * a[pivot, Width] / a[pivot, pivot];
            for (var i = pivot + 1; i < Width; i++)
            {
                var factor = a[i, pivot] / a[pivot, pivot];
                for (var j = pivot; j <= Width; j++)
                    a[i, j] -= factor * a[pivot, j];
            }
        }
        return distance;
    }

    static (float[] Rows, float[] Z) Rows(long seed)
    {
        var random = new SeededRandom(seed);
        var mixing = Numbers(random, Width * Width);
        var rows = new float[400 * Width];
        for (var row = 0; row < 400; row++)
        {
            var causes = Numbers(random, Width);
            for (var i = 0; i < Width; i++)
                rows[(row * Width) + i] = Enumerable.Range(0, Width).Sum(k => mixing[(i * Width) + k] * causes[k] / (1 + k));
        }
        return (rows, Numbers(random, Width));
    }

    static float[] Numbers(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
}
