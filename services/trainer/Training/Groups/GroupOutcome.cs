using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

enum GroupResult
{
    /// <summary>It has a new champion.</summary>
    Champion,

    /// <summary>A model was trained and the champion, or none, stays.</summary>
    Stays,

    /// <summary>It has not enough history yet.</summary>
    Waits,

    Failed,
}

/// <summary>What became of a group in a training.</summary>
/// <param name="Group">The group.</param>
/// <param name="Result">In a word.</param>
/// <param name="Detail">In a sentence.</param>
sealed record GroupOutcome(EntityGroup Group, GroupResult Result, string Detail)
{
    /// <summary>More would make no message that anybody reads; the log has them all.</summary>
    const int DetailsTold = 3;

    public static GroupOutcome Of(EntityGroup group, ModelInfo model, bool isNew) => new(
        group,
        isNew && model.State == ModelState.Champion ? GroupResult.Champion : GroupResult.Stays,
        ModelPublisher.Tell(model, isNew, string.Create(CultureInfo.InvariantCulture, $"{model.Entities} entities")));

    /// <summary>A group's name as people tell groups apart.</summary>
    public static string ShortOf(EntityGroup group) => group.Hash[..8];

    /// <summary>All groups in a few sentences; empty when there are none.</summary>
    /// <param name="outcomes">In the order of training.</param>
    /// <param name="leftOut">Groups that were not tried because there are too many.</param>
    public static string Summary(IReadOnlyList<GroupOutcome> outcomes, int leftOut)
    {
        if (outcomes.Count == 0)
            return "";
        var counts = outcomes.GroupBy(outcome => outcome.Result).OrderBy(results => results.Key).Select(results => $"{results.Count()} {NameOf(results.Key)}");
        var details = outcomes.OrderBy(outcome => outcome.Result == GroupResult.Failed ? 0 : 1).Take(DetailsTold)
            .Select(outcome => $"{ShortOf(outcome.Group)}: {outcome.Detail.TrimEnd('.')}.");
        var rest = leftOut == 0 ? "" : $" {leftOut} more were not tried (TRAINER__GROUPS).";
        return $"Joint models of {outcomes.Count} group(s): {string.Join(", ", counts)}.{rest} {string.Join(' ', details)}";
    }

    static string NameOf(GroupResult result) => result switch
    {
        GroupResult.Champion => "with a new champion",
        GroupResult.Stays => "unchanged",
        GroupResult.Waits => "with too little history",
        _ => "failed",
    };
}
