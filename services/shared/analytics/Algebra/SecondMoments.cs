using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forewarn.Analytics;

/// <summary>Mean products of the columns of rows: their covariance where the columns have mean 0.</summary>
static class SecondMoments
{
    const int Lanes = 8;

    // A stretch is summed in float32 and added in double: little enough rounding, twice the speed.
    const int Stretch = 256;

    /// <param name="rows">Row-major, <paramref name="columns"/> numbers a row, finite; at least one row.</param>
    /// <param name="columns">Length of a row.</param>
    /// <returns>Symmetric, columns x columns.</returns>
    public static double[,] Of(ReadOnlySpan<float> rows, int columns)
    {
        var count = rows.Length / columns;
        var panels = (columns + Lanes - 1) / Lanes;
        var moments = new double[columns, columns];
        // By panel of eight columns, then by row: what one step reads lies together.
        var packed = new Vector256<float>[panels * Stretch];
        for (var first = 0; first < count; first += Stretch)
        {
            var taken = Math.Min(Stretch, count - first);
            var floats = MemoryMarshal.Cast<Vector256<float>, float>(packed.AsSpan());
            floats.Clear();
            for (var row = 0; row < taken; row++)
            {
                for (var column = 0; column < columns; column++)
                    floats[(((column / Lanes * Stretch) + row) * Lanes) + (column % Lanes)] = rows[((first + row) * columns) + column];
            }
            for (var i = 0; i < columns; i++)
            {
                var left = floats.Slice(i / Lanes * Stretch * Lanes, taken * Lanes);
                for (var panel = 0; panel <= i / Lanes; panel++)
                    Add(moments, i, panel, Products(left, i % Lanes, packed.AsSpan(panel * Stretch, taken)));
            }
        }
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j <= i; j++)
                moments[j, i] = moments[i, j] /= count;
        }
        return moments;
    }

    // Two sums, for the even and the odd rows: additions need not wait for one another.
    static Vector256<float> Products(ReadOnlySpan<float> left, int lane, ReadOnlySpan<Vector256<float>> right)
    {
        Vector256<float> even = default, odd = default;
        var row = 0;
        for (; row + 2 <= right.Length; row += 2)
        {
            even += right[row] * left[(row * Lanes) + lane];
            odd += right[row + 1] * left[((row + 1) * Lanes) + lane];
        }
        if (row < right.Length)
            even += right[row] * left[(row * Lanes) + lane];
        return even + odd;
    }

    static void Add(double[,] moments, int i, int panel, Vector256<float> products)
    {
        for (var lane = 0; lane < Lanes && (panel * Lanes) + lane <= i; lane++)
            moments[i, (panel * Lanes) + lane] += products[lane];
    }
}
