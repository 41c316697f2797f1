namespace Forewarn.Analytics;

/// <summary>
/// Eigenvalues and vectors of a symmetric matrix: Householder's reduction to three diagonals, then implicit QL (Golub,
/// Van Loan: Matrix Computations, 8.3; Bowdler, Martin, Reinsch, Wilkinson 1968). About 4 n^3 operations; the same matrix
/// gives the same bits on every machine.
/// </summary>
public static class SymmetricEigen
{
    /// <summary>Rows of a matrix, at most: what takes seconds, not minutes.</summary>
    public const int MaxSize = 2048;

    const int MostIterations = 60;
    const double Precision = 2.220446049250313e-16;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">Square, at most <see cref="MaxSize"/> rows, finite; the lower triangle is taken for both.</param>
    /// <returns>Eigenvalues, descending, and their vectors of length 1 as rows.</returns>
    /// <exception cref="ArgumentException">Not square, too large, or a value that is not finite.</exception>
    public static (double[] Values, double[][] Vectors) Of(double[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var size = matrix.GetLength(0);
        if (size != matrix.GetLength(1) || size > MaxSize)
            throw new ArgumentException($"A square matrix of at most {MaxSize} rows has eigenvalues here, got {size} x {matrix.GetLength(1)}.", nameof(matrix));
        var rows = new double[size][];
        for (var i = 0; i < size; i++)
        {
            rows[i] = new double[size];
            for (var j = 0; j < size; j++)
                rows[i][j] = j <= i ? matrix[i, j] : matrix[j, i];
            foreach (var value in rows[i])
            {
                if (!double.IsFinite(value))
                    throw new ArgumentException("Every entry must be finite.", nameof(matrix));
            }
        }
        var (diagonal, beside, vectors) = Reduce(rows);
        Solve(diagonal, beside, vectors);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => diagonal[i])];
        return ([.. order.Select(i => diagonal[i])], [.. order.Select(i => vectors[i])]);
    }

    // Reflections that clear each column below its second diagonal; the rows become the transposed product of them all.
    static (double[] Diagonal, double[] Beside, double[][] Vectors) Reduce(double[][] rows)
    {
        var size = rows.Length;
        var (diagonal, beside, product) = (new double[size], new double[size], new double[size]);
        var reflections = new double[size][];
        for (var k = 0; k < size - 1; k++)
        {
            var first = k + 1;
            var v = rows[k].AsSpan(first).ToArray();
            reflections[k] = v;
            diagonal[k] = rows[k][k];
            var norm = Math.Sqrt(Sums.Dot(v, v));
            beside[k] = v[0] > 0 ? -norm : norm;
            v[0] -= beside[k];
            var half = Sums.Dot(v, v) / 2;
            // Also true of what only rounding left: such a reflection would be noise.
            if (half == 0 || !double.IsNormal(1 / half))
            {
                Array.Clear(v);
                continue;
            }
            // Scaled so that the reflection is I - v v'.
            var scale = 1 / Math.Sqrt(half);
            for (var i = 0; i < v.Length; i++)
                v[i] *= scale;
            var p = product.AsSpan(0, v.Length);
            for (var i = 0; i < p.Length; i++)
                p[i] = Sums.Dot(rows[first + i].AsSpan(first), v);
            Sums.AddScaled(p, v, -Sums.Dot(p, v) / 2);
            for (var i = 0; i < p.Length; i++)
            {
                var row = rows[first + i].AsSpan(first);
                Sums.AddScaled(row, p, -v[i]);
                Sums.AddScaled(row, v, -p[i]);
            }
        }
        if (size > 0)
            diagonal[^1] = rows[^1][^1];
        return (diagonal, beside, Product(reflections, size));
    }

    static double[][] Product(double[][] reflections, int size)
    {
        var vectors = new double[size][];
        for (var i = 0; i < size; i++)
        {
            vectors[i] = new double[size];
            vectors[i][i] = 1;
        }
        for (var k = size - 2; k >= 0; k--)
        {
            for (var i = k + 1; i < size; i++)
            {
                var row = vectors[i].AsSpan(k + 1);
                Sums.AddScaled(row, reflections[k], -Sums.Dot(row, reflections[k]));
            }
        }
        return vectors;
    }

    static void Solve(double[] d, double[] e, double[][] vectors)
    {
        double norm = 0;
        for (var i = 0; i < d.Length; i++)
            norm = Math.Max(norm, Math.Abs(d[i]) + Math.Abs(e[i]));
        var negligible = Precision * norm;
        for (var l = 0; l < d.Length; l++)
        {
            for (var iteration = 0; ; iteration++)
            {
                var m = l;
                while (m < d.Length - 1 && Math.Abs(e[m]) > negligible)
                    m++;
                if (m == l)
                    break;
                if (iteration == MostIterations)
                    throw new ArithmeticException($"Eigenvalue {l} of {d.Length} did not settle in {MostIterations} iterations; that is a fault of this program: report it.");
                Sweep(d, e, vectors, l, m);
            }
        }
    }

    // One implicit step on the block from l to m, with Wilkinson's shift.
    static void Sweep(double[] d, double[] e, double[][] vectors, int l, int m)
    {
        var g = (d[l + 1] - d[l]) / (2 * e[l]);
        g = d[m] - d[l] + (e[l] / (g + Math.CopySign(Length(g, 1), g)));
        double s = 1, c = 1, p = 0;
        for (var i = m - 1; i >= l; i--)
        {
            var (f, b) = (s * e[i], c * e[i]);
            var r = Length(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            (s, c) = (f / r, g / r);
            g = d[i + 1] - p;
            r = ((d[i] - g) * s) + (2 * c * b);
            p = s * r;
            d[i + 1] = g + p;
            g = (c * r) - b;
            Sums.Rotate(vectors[i], vectors[i + 1], c, s);
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    // Without overflow, by operations that IEEE 754 rounds alike everywhere.
    static double Length(double a, double b)
    {
        var (large, small) = (Math.Max(Math.Abs(a), Math.Abs(b)), Math.Min(Math.Abs(a), Math.Abs(b)));
        return large == 0 ? 0 : large * Math.Sqrt(1 + (small / large * (small / large)));
    }
}
