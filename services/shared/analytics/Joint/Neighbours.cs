using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forewarn.Analytics;

/// <summary>
/// Distance to the third nearest of the training rows kept for reference: a state the entity was never in is strange even
/// where each metric alone, and every correlation, is in order. Immutable and thread-safe.
/// </summary>
sealed class Neighbours(PackedMatrix references, float[] lengths)
{
    /// <summary>Added to the distance before the logarithm.</summary>
    public const float Floor = 0.02f;

    /// <summary>Which neighbour it is whose distance counts.</summary>
    public const int Rank = 3;

    /// <summary>A reference a column.</summary>
    public PackedMatrix References => references;

    /// <summary>Their squared lengths.</summary>
    public ReadOnlySpan<float> Lengths => lengths;

    /// <summary>Numbers between the products of two rows.</summary>
    public int Stride => references.Stride;

    public int Count => references.Columns;

    /// <summary>Coordinates of a row.</summary>
    public int Width => references.Inner;

    /// <param name="rows">The references, row-major.</param>
    /// <param name="width">Coordinates of a row.</param>
    public static Neighbours Of(float[] rows, int width)
    {
        var count = rows.Length / width;
        var lengths = new float[count];
        for (var i = 0; i < count; i++)
        {
            foreach (var value in rows.AsSpan(i * width, width))
                lengths[i] += value * value;
        }
        return new Neighbours(PackedMatrix.Of(width, count, (coordinate, row) => rows[(row * width) + coordinate]), lengths);
    }

    /// <summary>Products of rows with all references, what <see cref="Energy"/> reads.</summary>
    public void Multiply(ReadOnlySpan<float> coordinates, int rows, Span<float> products) =>
        references.Multiply(coordinates, Width, rows, products);

    /// <summary>The logarithm of the distance of a row to its third neighbour.</summary>
    /// <param name="coordinates">Of the row.</param>
    /// <param name="products">Of the row.</param>
    /// <param name="without">References that are no neighbours: a contiguous range.</param>
    public float Energy(ReadOnlySpan<float> coordinates, ReadOnlySpan<float> products, Range without)
    {
        var length = 0f;
        foreach (var value in coordinates)
            length += value * value;
        var nearest = new Three();
        var (start, end) = (without.Start.Value, without.End.Value);
        Search(lengths.AsSpan(0, start), products[..start], ref nearest);
        Search(lengths.AsSpan(end), products[end..Count], ref nearest);
        return MathF.Log(MathF.Sqrt(Math.Max(0, nearest.Third + length)) + Floor);
    }

    public void Write(BinaryWriter w) => references.Write(w);

    public static Neighbours Read(BinaryReader r)
    {
        var references = PackedMatrix.Read(r);
        var lengths = new float[references.Columns];
        for (var i = 0; i < lengths.Length; i++)
        {
            for (var k = 0; k < references.Inner; k++)
                lengths[i] += references[k, i] * references[k, i];
        }
        return new Neighbours(references, lengths);
    }

    // |x - r|^2 = |x|^2 + |r|^2 - 2 x r, where |x|^2 is the same for all; eight are passed at once when none is near enough.
    static void Search(ReadOnlySpan<float> lengths, ReadOnlySpan<float> products, ref Three nearest)
    {
        var left = MemoryMarshal.Cast<float, Vector256<float>>(lengths);
        var right = MemoryMarshal.Cast<float, Vector256<float>>(products);
        for (var i = 0; i < left.Length; i++)
        {
            var squared = left[i] - (right[i] + right[i]);
            if (!Vector256.LessThanAny(squared, Vector256.Create(nearest.Third)))
                continue;
            for (var lane = 0; lane < Vector256<float>.Count; lane++)
                nearest.Take(squared[lane]);
        }
        for (var i = left.Length * Vector256<float>.Count; i < lengths.Length; i++)
            nearest.Take(lengths[i] - (products[i] + products[i]));
    }

    struct Three()
    {
        float _first = float.MaxValue;
        float _second = float.MaxValue;

        public float Third { get; private set; } = float.MaxValue;

        public void Take(float squared)
        {
            if (squared >= Third)
                return;
            Third = squared;
            if (Third < _second)
                (_second, Third) = (Third, _second);
            if (_second < _first)
                (_first, _second) = (_second, _first);
        }
    }
}
