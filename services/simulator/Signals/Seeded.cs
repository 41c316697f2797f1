using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Forewarn.Simulator;

/// <summary>Random numbers that depend on the seed and a name only, so that adding a host never changes another.</summary>
static class Seeded
{
    public static Random For(int seed, string name) =>
        new(BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{name}"))) & int.MaxValue);

    /// <summary>Standard normal, by Box and Muller.</summary>
    public static double Gaussian(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Median 1, skewed to the right.</summary>
    public static double LogNormal(this Random random, double sigma) => Math.Exp(sigma * random.Gaussian());

    public static double Between(this Random random, double low, double high) => low + (high - low) * random.NextDouble();
}
