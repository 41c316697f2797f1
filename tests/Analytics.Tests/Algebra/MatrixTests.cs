using CsCheck;

namespace Forewarn.Analytics.Tests.Algebra;

public sealed class MatrixTests
{
    [Fact]
    public void Products_are_sums_in_order_whatever_the_batch() => Gen.Select(Gen.Int[1, 9], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Long).Sample(
        (rows, inner, columns, seed) =>
        {
            var random = new SeededRandom(seed);
            var (entries, x) = (Numbers(random, inner * columns), Numbers(random, rows * inner));
            var matrix = PackedMatrix.Of(inner, columns, (row, column) => entries[(row * columns) + column]);
            var y = new float[rows * matrix.Stride];
            matrix.Multiply(x, inner, rows, y);
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var sum = 0f;
                    for (var k = 0; k < inner; k++)
                        sum += x[(row * inner) + k] * entries[(k * columns) + column];
                    y[(row * matrix.Stride) + column].ShouldBe(sum);
                }
            }
        },
        iter: 200);

    [Fact]
    public void Second_moments_are_mean_products() => Gen.Select(Gen.Int[1, 600], Gen.Int[1, 20], Gen.Long).Sample(
        (rows, columns, seed) =>
        {
            var x = Numbers(new SeededRandom(seed), rows * columns);
            var moments = SecondMoments.Of(x, columns);
            for (var i = 0; i < columns; i++)
            {
                for (var j = 0; j < columns; j++)
                    moments[i, j].ShouldBe(Enumerable.Range(0, rows).Average(row => (double)x[(row * columns) + i] * x[(row * columns) + j]), 1e-5);
            }
        },
        iter: 50);

    static float[] Numbers(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
}
