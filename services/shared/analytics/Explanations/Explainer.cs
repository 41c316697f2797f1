using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>How much one series contributes to a decision.</summary>
/// <param name="Series">Index of the series in the entity's batch.</param>
/// <param name="Z">The larger in magnitude of Z and ZLevel, with its sign.</param>
/// <param name="Value">Value seen.</param>
/// <param name="Baseline">Value expected.</param>
/// <param name="Scale">Ordinary deviation; the normal range is baseline plus and minus three of them.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Contribution(int Series, float Z, float Value, float Baseline, float Scale);

/// <summary>Ranks series by |z|, which is free.</summary>
public static class Explainer
{
    /// <summary>The larger in magnitude of Z and ZLevel of a series, with its sign; NaN when it is masked.</summary>
    public static float DeviationOf(ReadOnlySpan<float> features, int series)
    {
        var own = features.Slice(series * FeatureSpec.Count, FeatureSpec.Count);
        float now = own[FeatureSpec.Z], level = own[FeatureSpec.ZLevel];
        return Math.Abs(level) > Math.Abs(now) ? level : now;
    }

    /// <summary>Place of a series by |z|, 1 the farthest; null when it is masked.</summary>
    public static int? RankOf(ReadOnlySpan<float> features, int series, int count)
    {
        var own = Math.Abs(DeviationOf(features, series));
        if (float.IsNaN(own))
            return null;
        var rank = 1;
        for (var other = 0; other < count; other++)
            rank += Math.Abs(DeviationOf(features, other)) > own ? 1 : 0;
        return rank;
    }

    /// <summary>Fills <paramref name="top"/> with the largest contributions first; returns how many there are. Masked series do not contribute.</summary>
    public static int TopContributions(ReadOnlySpan<float> features, int series, Span<Contribution> top)
    {
        var count = 0;
        for (var s = 0; s < series; s++)
        {
            var own = features.Slice(s * FeatureSpec.Count, FeatureSpec.Count);
            var z = DeviationOf(features, s);
            if (float.IsNaN(z))
            {
                continue;
            }

            var at = count;
            for (; at > 0 && Math.Abs(top[at - 1].Z) < Math.Abs(z); at--)
            {
                if (at < top.Length)
                {
                    top[at] = top[at - 1];
                }
            }

            if (at < top.Length)
            {
                top[at] = new Contribution(s, z, own[FeatureSpec.Value], own[FeatureSpec.Baseline], own[FeatureSpec.Scale]);
                count = Math.Min(count + 1, top.Length);
            }
        }

        return count;
    }
}
