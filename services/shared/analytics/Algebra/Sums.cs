using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forewarn.Analytics;

/// <summary>Vectorised loops whose lanes and order of additions are fixed, so that every machine gets the same bits.</summary>
static class Sums
{
    /// <summary>Sum of the products of two vectors of equal length.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var va = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector256<double>>(b);
        var lanes = Vector256<double>.Zero;
        for (var i = 0; i < va.Length; i++)
            lanes += va[i] * vb[i];
        var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (var i = va.Length * Vector256<double>.Count; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Adds <paramref name="factor"/> times a vector to another.</summary>
    public static void AddScaled(Span<double> to, ReadOnlySpan<double> vector, double factor)
    {
        var vt = MemoryMarshal.Cast<double, Vector256<double>>(to);
        var vv = MemoryMarshal.Cast<double, Vector256<double>>(vector);
        for (var i = 0; i < vt.Length; i++)
            vt[i] += vv[i] * factor;
        for (var i = vt.Length * Vector256<double>.Count; i < to.Length; i++)
            to[i] += vector[i] * factor;
    }

    /// <summary>Turns the plane of two vectors by an angle of which cosine and sine are given.</summary>
    public static void Rotate(Span<double> a, Span<double> b, double cosine, double sine)
    {
        var va = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector256<double>>(b);
        for (var i = 0; i < va.Length; i++)
            (va[i], vb[i]) = ((va[i] * cosine) - (vb[i] * sine), (va[i] * sine) + (vb[i] * cosine));
        for (var i = va.Length * Vector256<double>.Count; i < a.Length; i++)
            (a[i], b[i]) = ((a[i] * cosine) - (b[i] * sine), (a[i] * sine) + (b[i] * cosine));
    }
}
