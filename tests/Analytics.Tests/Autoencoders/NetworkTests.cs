using CsCheck;

namespace Forewarn.Analytics.Tests.Autoencoders;

public sealed class NetworkTests
{
    [Fact]
    public void The_gradient_is_that_of_finite_differences() => Gen.Select(Gen.Int[0, 100_000], Gen.Int[1, 6], Gen.Int[1, 6], Gen.Int[1, 4]).Sample(
        (seed, features, hidden, bottleneck) =>
        {
            const double Step = 1e-6;
            var random = new SeededRandom(seed);
            var network = new Network([features, hidden, bottleneck, hidden, features], random);
            foreach (ref var parameter in network.Parameters.AsSpan())
            {
                // Softsign bends at zero, and biases start there.
                parameter += random.Between(0.05, 0.3);
            }

            var row = Enumerable.Range(0, features).Select(_ => random.Between(-3, 3)).ToArray();
            network.Learn(row);
            for (var i = 0; i < network.Parameters.Length; i++)
            {
                var at = network.Parameters[i];
                network.Parameters[i] = at + Step;
                var above = network.Loss(row);
                network.Parameters[i] = at - Step;
                var below = network.Loss(row);
                network.Parameters[i] = at;
                var slope = (above - below) / (2 * Step);
                network.Gradient[i].ShouldBe(slope, 1e-5 * Math.Max(1, Math.Abs(slope)), $"parameter {i}");
            }
        },
        iter: 100);

    [Fact]
    public void Gradients_of_a_batch_add_up()
    {
        var (both, first, second) = (Fresh(), Fresh(), Fresh());
        double[] one = [1, -2, 0.5], two = [-0.3, 0.7, 2];
        both.Learn(one);
        both.Learn(two);
        first.Learn(one);
        second.Learn(two);

        for (var i = 0; i < both.Gradient.Length; i++)
        {
            both.Gradient[i].ShouldBe(first.Gradient[i] + second.Gradient[i], 1e-12);
        }
    }

    [Fact]
    public void Adam_moves_every_parameter_by_its_rate_at_first_whatever_the_gradient()
    {
        double[] values = [1, 1, 1];
        new Adam(3, learningRate: 0.01).Step(values, [1000, 0.001, -5], count: 1);

        values[0].ShouldBe(0.99, 1e-6);
        values[1].ShouldBe(0.99, 1e-6);
        values[2].ShouldBe(1.01, 1e-6);
    }

    [Fact]
    public void Adam_finds_the_bottom_of_a_bowl()
    {
        double[] values = [5, -3];
        var adam = new Adam(2, learningRate: 0.05);
        for (var step = 0; step < 2000; step++)
        {
            adam.Step(values, [2 * (values[0] - 1), 20 * (values[1] - 2)], count: 1);
        }

        values[0].ShouldBe(1, 1e-3);
        values[1].ShouldBe(2, 1e-3);
    }

    static Network Fresh() => new([3, 4, 2, 4, 3], new SeededRandom(5));
}
