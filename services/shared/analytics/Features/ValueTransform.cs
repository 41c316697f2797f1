using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>A <see cref="Transform"/> with the reference of its unit.</summary>
[StructLayout(LayoutKind.Auto)]
readonly struct ValueTransform(Transform kind, double reference)
{
    public double Forward(double value) => kind == Transform.Identity
        ? value
        : Math.CopySign(Math.Log(1 + (Math.Abs(value) / reference)), value);

    public double Inverse(double transformed) => kind == Transform.Identity
        ? transformed
        : Math.CopySign((Math.Exp(Math.Abs(transformed)) - 1) * reference, transformed);
}
