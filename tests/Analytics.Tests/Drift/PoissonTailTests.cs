using CsCheck;

namespace Forewarn.Analytics.Tests.Drift;

public sealed class PoissonTailTests
{
    // R: ppois(count - 1, mean, lower.tail = FALSE)
    [Theory]
    [InlineData(0, 3, 1)]
    [InlineData(1, 0.5, 0.3934693402873666)]
    [InlineData(5, 1, 0.003659846827343713)]
    [InlineData(5, 0, 0)]
    [InlineData(100, 100, 0.5132987982791487)]
    [InlineData(3, 100, 1)]
    public void It_is_what_the_books_say(long count, double mean, double expected) => PoissonTail.AtLeast(count, mean).ShouldBe(expected, 1e-9);

    [Fact]
    public void It_is_one_minus_the_sum_of_what_lies_below() => Gen.Select(Gen.Int[0, 60], Gen.Double[0.01, 40]).Sample((count, mean) =>
    {
        double term = Math.Exp(-mean), below = 0;
        for (var i = 0; i < count; i++)
        {
            below += term;
            term *= mean / (i + 1);
        }

        PoissonTail.AtLeast(count, mean).ShouldBe(1 - below, 1e-10);
    });

    [Fact]
    public void It_falls_with_the_count_and_grows_with_the_mean_up_to_thousands() => Gen.Select(Gen.Int[1, 5000], Gen.Double[0.01, 5000]).Sample((count, mean) =>
    {
        var p = PoissonTail.AtLeast(count, mean);
        p.ShouldBeInRange(0, 1);
        PoissonTail.AtLeast(count + 1, mean).ShouldBeLessThanOrEqualTo(p + 1e-12);
        PoissonTail.AtLeast(count, mean * 1.1).ShouldBeGreaterThanOrEqualTo(p - 1e-12);
    });
}
