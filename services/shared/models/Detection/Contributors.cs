using System.Numerics;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>What makes a tick strange, in the units of its series.</summary>
static class Contributors
{
    /// <summary>Robust deviations beyond which a series is off.</summary>
    const float Off = 3;

    const int Most = 5;

    /// <summary>The strongest contributors first (a use before its relief), at most five, at least one of those that were measured.</summary>
    /// <param name="features">Columns x features.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="off">How many series in all are off.</param>
    public static IReadOnlyList<Contributor> Top(ReadOnlySpan<float> features, SeriesSchema schema, out int off)
    {
        var columns = schema.Columns.Count;
        Span<Contribution> top = stackalloc Contribution[Most];
        var count = Explainer.TopContributions(features, columns, top);
        off = 0;
        for (var i = 0; i < columns; i++)
        {
            var own = features.Slice(i * FeatureSpec.Count, FeatureSpec.Count);
            if (Math.Max(Math.Abs(own[FeatureSpec.Z]), Math.Abs(own[FeatureSpec.ZLevel])) >= Off)
                off++;
        }
        var contributors = new List<Contributor>(count);
        for (var i = 0; i < count; i++)
        {
            if (i == 0 || Math.Abs(top[i].Z) >= Off)
                contributors.Add(Of(schema.Columns[top[i].Series], top[i]) with { ZRank = Explainer.RankOf(features, top[i].Series, columns) });
        }
        PutUseBeforeRelief(contributors);
        return contributors;
    }

    /// <summary>As <see cref="JointBlame"/> ranks them; what is expected is what all metrics together let expect.</summary>
    /// <param name="joint">Of the tick.</param>
    /// <param name="features">Columns x features.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="off">How many metrics in all are strange.</param>
    public static IReadOnlyList<Contributor> Top(in JointEvidence joint, ReadOnlySpan<float> features, SeriesSchema schema, out int off)
    {
        var metrics = joint.Energies.Length;
        double[] blame = new double[metrics], importance = new double[metrics];
        var explained = JointBlame.Weigh(joint, features, blame, importance);
        off = 0;
        var slots = new List<int>(metrics);
        for (var slot = 0; slot < metrics; slot++)
        {
            if (joint.ColumnOfSlot[slot] < 0)
                continue;
            off += joint.Energies[slot] >= FirstMovers.Strange ? 1 : 0;
            slots.Add(slot);
        }
        var contributors = new List<Contributor>(Most);
        foreach (var slot in slots.OrderByDescending(slot => blame[slot]))
        {
            if (contributors.Count < Most && (contributors.Count == 0 || joint.Energies[slot] >= FirstMovers.Strange))
                contributors.Add(Of(joint, slot, features, schema, explained ? importance : []));
        }
        PutUseBeforeRelief(contributors);
        return contributors;
    }

    static Contributor Of(in JointEvidence joint, int slot, ReadOnlySpan<float> features, SeriesSchema schema, ReadOnlySpan<double> importance)
    {
        var column = joint.ColumnOfSlot[slot];
        var own = features.Slice(column * FeatureSpec.Count, FeatureSpec.Count);
        var seen = Of(schema.Columns[column], new Contribution(
            column, own[FeatureSpec.Z], own[FeatureSpec.Value], own[FeatureSpec.Baseline], own[FeatureSpec.Scale]));
        return seen with
        {
            Expected = double.IsFinite(joint.Expected[slot]) ? joint.Expected[slot] : seen.Expected,
            ZRank = Explainer.RankOf(features, column, schema.Columns.Count),
            EnergyRank = RankOf(joint.Energies, slot),
            Importance = importance.IsEmpty ? null : importance[slot],
            ImportanceRank = importance.IsEmpty || importance[slot] == 0 ? null : RankOf(importance, slot),
        };
    }

    static int RankOf<T>(ReadOnlySpan<T> values, int at)
        where T : INumber<T>
    {
        var rank = 1;
        foreach (var value in values)
            rank += value > values[at] ? 1 : 0;
        return rank;
    }

    /// <summary>"98 % used" is what a person says, "2 % idle" is its shadow: the first of the same resource that is no relief leads.</summary>
    static void PutUseBeforeRelief(List<Contributor> contributors)
    {
        if (contributors.Count == 0 || !IsRelief(contributors[0]))
            return;
        var use = contributors.FindIndex(other => other.Name == contributors[0].Name && !IsRelief(other));
        if (use < 0)
            return;
        var lead = contributors[use];
        contributors.RemoveAt(use);
        contributors.Insert(0, lead);
    }

    static bool IsRelief(Contributor contributor) => UnitTraits.IsRelieved(ResourceState.Of(contributor.Labels));

    public static Contributor Of(SeriesColumn column, in Contribution contribution)
    {
        var (low, high) = NormalRange.Of(column, contribution.Value, contribution.Baseline, contribution.Scale);
        return new Contributor
        {
            Series = column.Id,
            Name = column.Name,
            Unit = column.Unit,
            Labels = column.Labels,
            Value = Finite(contribution.Value),
            Expected = Finite(contribution.Baseline),
            Low = Finite(low),
            High = Finite(high),
            Z = Finite(contribution.Z),
        };
    }

    static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
