using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>When a distribution counts as moved.</summary>
/// <param name="Bound">Population stability index.</param>
/// <param name="Ticks">On so many ticks at least.</param>
/// <param name="Hours">In so many hours of the clock at least: one hour of a day is not like the others.</param>
readonly record struct DriftLimits(double Bound, long Ticks, int Hours);

/// <summary>How far live measurements have moved from what a model learned.</summary>
/// <param name="Score">Of the scores; null without any.</param>
/// <param name="Features">Of each entry of the rows, farthest first.</param>
/// <param name="IsEnough">It rests on enough ticks and hours.</param>
/// <param name="Moved">Past the bound, and on enough.</param>
/// <param name="Summary">One sentence.</param>
sealed record DriftFinding(double? Score, IReadOnlyList<FeatureDrift> Features, bool IsEnough, bool Moved, string Summary)
{
    /// <summary>The farthest of all.</summary>
    public double Worst => Math.Max(Score ?? 0, Features.Count > 0 ? Features[0].Psi : 0);
}

/// <summary>Drift of what the champion meets, see <see cref="PopulationStability"/>.</summary>
static class DriftRules
{
    public static DriftFinding Judge(ChampionSum sum, ModelManifest manifest, DriftLimits limits)
    {
        var score = PopulationStability.Index(ReferenceHistogram.FromPrior(manifest.Prior).Shares, sum.Scores);
        FeatureDrift[] features = sum.Features.Count != manifest.Reference.Count ? [] : [.. manifest.Reference
            .Select((reference, i) => (Name: manifest.FeatureNames[i], Psi: PopulationStability.Index(reference.Shares, sum.Features[i])))
            .Where(feature => feature.Psi is not null)
            .Select(feature => new FeatureDrift(feature.Name, feature.Psi!.Value))
            .OrderByDescending(feature => feature.Psi)];
        var isEnough = sum.Ticks >= limits.Ticks && sum.Hours >= limits.Hours;
        var finding = new DriftFinding(score, features, isEnough, Moved: false, "");
        return finding with { Moved = isEnough && finding.Worst > limits.Bound, Summary = Tell(finding, sum, manifest, limits) };
    }

    static string Tell(DriftFinding finding, ChampionSum sum, ModelManifest manifest, DriftLimits limits)
    {
        if (finding.Score is null)
            return "Nothing has been counted for this champion yet.";
        var scoreIsWorst = finding.Score >= finding.Worst;
        var farthest = string.Create(
            CultureInfo.InvariantCulture,
            $"{(scoreIsWorst ? "The scores have" : $"'{finding.Features[0].Name}' has")} moved by {finding.Worst:0.000} (bound {limits.Bound:0.###})");
        var basis = finding.IsEnough
            ? string.Create(CultureInfo.InvariantCulture, $" on {sum.Ticks:N0} ticks in {sum.Hours} hours.")
            : string.Create(CultureInfo.InvariantCulture, $"; {sum.Ticks:N0} of {limits.Ticks:N0} ticks and {sum.Hours} of {limits.Hours} hours are too few to judge.");
        var silence = manifest.Reference.Count == 0 ? " The model was made without a reference for its rows: scores alone tell." : "";
        return farthest + basis + silence;
    }
}
