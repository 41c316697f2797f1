using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forewarn.Analytics;

/// <summary>
/// A matrix to multiply rows by, float32, packed into panels of 16 columns as the cache likes them. Each entry of a
/// product is added up in the order of the inner dimension, one at a time: a row gives the same bits alone and in any
/// batch, on every machine. Immutable and thread-safe.
/// </summary>
sealed class PackedMatrix
{
    const byte CheckpointVersion = 1;
    const int Panel = 16;
    const int MaxInner = 1 << 14;
    const int MaxColumns = 1 << 14;

    readonly float[] _panels;

    PackedMatrix(int inner, int columns, float[] panels) => (Inner, Columns, _panels) = (inner, columns, panels);

    /// <summary>Length of a row that it multiplies.</summary>
    public int Inner { get; }

    /// <summary>Length of a product.</summary>
    public int Columns { get; }

    /// <summary>Length of a product with the zeros behind it: a multiple of 16.</summary>
    public int Stride => StrideOf(Columns);

    /// <param name="inner">Rows of the matrix.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="at">Its entry by row and column.</param>
    public static PackedMatrix Of(int inner, int columns, Func<int, int, double> at)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inner, MaxInner);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, MaxColumns);
        var panels = new float[StrideOf(columns) * inner];
        for (var column = 0; column < columns; column++)
        {
            var panel = panels.AsSpan(column / Panel * inner * Panel, inner * Panel);
            for (var row = 0; row < inner; row++)
                panel[(row * Panel) + (column % Panel)] = (float)at(row, column);
        }
        return new PackedMatrix(inner, columns, panels);
    }

    public float this[int row, int column] => _panels[(column / Panel * Inner * Panel) + (row * Panel) + (column % Panel)];

    /// <summary>Multiplies rows.</summary>
    /// <param name="x">Row-major, <paramref name="rows"/> rows at a distance of <paramref name="xStride"/>.</param>
    /// <param name="xStride">At least <see cref="Inner"/>.</param>
    /// <param name="rows">How many.</param>
    /// <param name="y">Row-major, rows at a distance of <see cref="Stride"/>; overwritten.</param>
    public void Multiply(ReadOnlySpan<float> x, int xStride, int rows, Span<float> y)
    {
        var stride = Stride;
        for (var column = 0; column < stride; column += Panel)
        {
            var panel = MemoryMarshal.Cast<float, Vector256<float>>(_panels.AsSpan(column * Inner, Inner * Panel));
            var row = 0;
            for (; row + 4 <= rows; row += 4)
                Four(panel, x[(row * xStride)..], xStride, y[((row * stride) + column)..], stride);
            for (; row < rows; row++)
                One(panel, x.Slice(row * xStride, Inner), y.Slice((row * stride) + column, Panel));
        }
    }

    public void Write(BinaryWriter w)
    {
        w.Write(CheckpointVersion);
        w.Write(Inner);
        w.Write(Columns);
        w.WriteFloats(_panels);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static PackedMatrix Read(BinaryReader r)
    {
        r.ExpectVersion(CheckpointVersion, "a matrix");
        var (inner, columns) = (r.ReadBoundedCount(MaxInner), r.ReadBoundedCount(MaxColumns));
        return new PackedMatrix(inner, columns, r.ReadFloats(StrideOf(columns) * inner));
    }

    static int StrideOf(int columns) => (columns + Panel - 1) / Panel * Panel;

    // Four rows by one panel: eight sums stay in registers, and none waits for its predecessor.
    static void Four(ReadOnlySpan<Vector256<float>> panel, ReadOnlySpan<float> x, int xStride, Span<float> y, int yStride)
    {
        var inner = panel.Length / 2;
        ReadOnlySpan<float> x0 = x[..inner], x1 = x.Slice(xStride, inner), x2 = x.Slice(2 * xStride, inner), x3 = x.Slice(3 * xStride, inner);
        Vector256<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        for (var k = 0; k < x0.Length; k++)
        {
            var (left, right) = (panel[2 * k], panel[(2 * k) + 1]);
            var value = Vector256.Create(x0[k]);
            (a0, b0) = (a0 + (value * left), b0 + (value * right));
            value = Vector256.Create(x1[k]);
            (a1, b1) = (a1 + (value * left), b1 + (value * right));
            value = Vector256.Create(x2[k]);
            (a2, b2) = (a2 + (value * left), b2 + (value * right));
            value = Vector256.Create(x3[k]);
            (a3, b3) = (a3 + (value * left), b3 + (value * right));
        }
        Store(a0, b0, y);
        Store(a1, b1, y[yStride..]);
        Store(a2, b2, y[(2 * yStride)..]);
        Store(a3, b3, y[(3 * yStride)..]);
    }

    static void One(ReadOnlySpan<Vector256<float>> panel, ReadOnlySpan<float> x, Span<float> y)
    {
        Vector256<float> a = default, b = default;
        for (var k = 0; k < x.Length; k++)
        {
            var value = Vector256.Create(x[k]);
            (a, b) = (a + (value * panel[2 * k]), b + (value * panel[(2 * k) + 1]));
        }
        Store(a, b, y);
    }

    static void Store(Vector256<float> a, Vector256<float> b, Span<float> y)
    {
        a.CopyTo(y);
        b.CopyTo(y[Vector256<float>.Count..]);
    }
}
