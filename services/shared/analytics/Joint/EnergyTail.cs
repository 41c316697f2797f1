namespace Forewarn.Analytics;

/// <summary>
/// How rare an energy was in training: -log10 of its upper tail probability, as straight lines between at most
/// <see cref="MaxKnots"/> knots that lie the denser the farther up, and an exponential tail beyond the largest (SPOT with
/// shape 0: Siffer et al., KDD 2017). Immutable and thread-safe.
/// </summary>
public sealed class EnergyTail
{
    /// <summary>Knots of a curve, at most.</summary>
    public const int MaxKnots = 98;

    const byte CheckpointVersion = 1;
    const int Steps = 96;

    // Energies are logarithms: a thousandth is a tenth of a percent of a distance. Nearer knots would make cliffs of rounding.
    const float Nearest = 1e-3f;
    const float Ramp = 1e-2f;
    const double TailShare = 0.02;
    const double LeastScale = 1e-2;

    /// <summary>No line rises farther from its knot: only the last one could, which has no end.</summary>
    internal const float MostRise = 14 / Ln10;

    const float Ln10 = 2.3025851f;

    readonly float[] _energies;
    readonly float[] _rarities;
    readonly float[] _slopes;
    readonly float _scale;

    EnergyTail(float[] energies, float[] rarities, float scale)
    {
        (_energies, _rarities, _scale) = (energies, rarities, scale);
        _slopes = new float[energies.Length];
        for (var i = 0; i < energies.Length; i++)
            _slopes[i] = i < energies.Length - 1 ? (rarities[i + 1] - rarities[i]) / (energies[i + 1] - energies[i]) : 1 / (Ln10 * scale);
    }

    /// <summary>Where lines begin, ascending; below the first, nothing is rare.</summary>
    internal ReadOnlySpan<float> Energies => _energies;

    /// <summary>Rarity at each knot.</summary>
    internal ReadOnlySpan<float> Rarities => _rarities;

    /// <summary>Rise of the line that begins at each knot.</summary>
    internal ReadOnlySpan<float> Slopes => _slopes;

    /// <summary>The tail of these energies.</summary>
    /// <param name="energies">Finite; sorted in place. None gives a tail to which nothing is rare.</param>
    public static EnergyTail Of(Span<float> energies)
    {
        if (energies.IsEmpty)
            return new EnergyTail([], [], 1);
        energies.Sort();
        var count = energies.Length;
        var (knots, rarities) = (new List<float>(MaxKnots), new List<float>(MaxKnots));
        for (var step = 0; step <= Steps; step++)
        {
            // Equal steps of the logarithm of how many lie at or above.
            var above = Math.Clamp((int)Math.Round(Math.Pow(count, 1 - ((double)step / Steps))), 1, count);
            var energy = energies[count - above];
            if (knots.Count > 0 && energy - knots[^1] <= Nearest)
                continue;
            knots.Add(energy);
            rarities.Add((float)-Math.Log10((count - FirstAtLeast(energies, energy) + 1.0) / (count + 1)));
        }
        var largest = energies[^1];
        knots.Add(largest + Ramp);
        rarities.Add((float)Math.Log10(count + 1.0));
        var scale = (largest - energies[(int)(count * (1 - TailShare))]) / Math.Log((TailShare * count) + 1);
        return new EnergyTail([.. knots], [.. rarities], (float)Math.Max(LeastScale, scale));
    }

    /// <summary>-log10 of the probability of such an energy or a larger one; 0 is ordinary.</summary>
    public float RarityOf(float energy)
    {
        var knot = FirstAtLeast(_energies, energy) - 1;
        return knot < 0 ? 0 : _rarities[knot] + Math.Min(MostRise, (energy - _energies[knot]) * _slopes[knot]);
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_energies.Length);
        w.WriteFloats(_energies);
        w.WriteFloats(_rarities);
        w.Write(_scale);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static EnergyTail Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "an energy tail");
        var count = r.ReadBoundedCount(MaxKnots);
        return new EnergyTail(r.ReadFloats(count), r.ReadFloats(count), r.ReadFloats(1)[0]);
    }

    static int FirstAtLeast(ReadOnlySpan<float> sorted, float energy)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < energy ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
