using CsCheck;

namespace Forewarn.Analytics.Tests.Algebra;

public sealed class SymmetricEigenTests
{
    static readonly Gen<double[,]> Symmetric = Gen.Int[1, 40].SelectMany(size => Gen.OneOf(
        Gen.Double[-100, 100],
        Gen.Int[-1, 1].Select(i => (double)i),
        Gen.Const(0.0)).Array[size * size].Select(values => Mirrored(values, size)));

    [Fact]
    public void Vectors_are_what_the_matrix_only_stretches_and_stand_upright_on_one_another() => Symmetric.Sample(
        matrix =>
        {
            var size = matrix.GetLength(0);
            var (values, vectors) = SymmetricEigen.Of(matrix);
            var tolerance = 1e-11 * Math.Max(1, values.Max(Math.Abs));
            values.ShouldBe(values.OrderDescending());
            for (var k = 0; k < size; k++)
            {
                for (var i = 0; i < size; i++)
                    Enumerable.Range(0, size).Sum(j => matrix[i, j] * vectors[k][j]).ShouldBe(values[k] * vectors[k][i], tolerance);
                for (var other = 0; other <= k; other++)
                    vectors[k].Zip(vectors[other], (a, b) => a * b).Sum().ShouldBe(other == k ? 1 : 0, 1e-11);
            }
        },
        iter: 300);

    [Fact]
    public void Eigenvalues_of_a_chain_are_where_mathematics_puts_them()
    {
        const int Size = 150;
        var chain = new double[Size, Size];
        for (var i = 0; i < Size; i++)
        {
            chain[i, i] = 2;
            if (i > 0)
                chain[i, i - 1] = chain[i - 1, i] = -1;
        }
        var (values, _) = SymmetricEigen.Of(chain);
        for (var k = 0; k < Size; k++)
            values[k].ShouldBe(2 + (2 * Math.Cos((k + 1) * Math.PI / (Size + 1))), 1e-12);
    }

    [Fact]
    public void What_is_no_symmetric_matrix_of_numbers_is_refused()
    {
        Should.Throw<ArgumentException>(() => SymmetricEigen.Of(new double[2, 3]));
        Should.Throw<ArgumentException>(() => SymmetricEigen.Of(new double[SymmetricEigen.MaxSize + 1, SymmetricEigen.MaxSize + 1]));
        Should.Throw<ArgumentException>(() => SymmetricEigen.Of(new[,] { { double.NaN } }));
    }

    static double[,] Mirrored(double[] values, int size)
    {
        var matrix = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
                matrix[i, j] = matrix[j, i] = values[(i * size) + j];
        }
        return matrix;
    }
}
