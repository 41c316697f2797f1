using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>
/// What a joint model's file says beside its graph: which metrics it judges together, and how each entity's features are
/// scaled for it. Immutable and thread-safe.
/// </summary>
public sealed class GroupModel
{
    readonly JointFile _file;

    GroupModel(string version, JointFile file, CalibrationPrior prior)
    {
        (Version, _file, Prior) = (version, file, prior);
        Typical = JointScaling.Typical([.. file.Scalings.Values]);
        Layout = ContentHash.Of(string.Join('\n', file.Columns));
    }

    public string Version { get; }

    /// <summary>Series ids of the metrics, in the order of a row.</summary>
    public IReadOnlyList<string> Columns => _file.Columns;

    public int Metrics => Columns.Count;

    /// <summary>Hash of <see cref="Columns"/>: models of one layout read the same rows.</summary>
    public string Layout { get; }

    /// <summary>Scores of ordinary rows.</summary>
    public CalibrationPrior Prior { get; }

    /// <summary>What an entity borrows that was not there in training: of each number the median of those that were.</summary>
    public JointScaling Typical { get; }

    /// <summary>What a loaded file says; null of one that is no joint model.</summary>
    /// <param name="version">Of the model.</param>
    /// <param name="scorer">Its graph and metadata.</param>
    /// <param name="prior">That of its manifest.</param>
    /// <exception cref="ModelRefusedException">Its metadata cannot be read, or contradict themselves or the graph.</exception>
    public static GroupModel? Of(string version, OnnxScorer scorer, CalibrationPrior prior)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        try
        {
            if (JointFile.Read(scorer.Metadata) is not { } file)
                return null;
            var metrics = file.Columns.Count;
            return scorer.Metrics == metrics && scorer.Inputs == metrics * JointRow.Count
                ? new GroupModel(version, file, prior)
                : throw new InvalidDataException($"it has {metrics} columns, its graph reads {scorer.Inputs} numbers and tells of {scorer.Metrics} metrics, where {metrics * JointRow.Count} and {metrics} belong");
        }
        catch (InvalidDataException contradiction)
        {
            throw new ModelRefusedException($"Model {version} is no usable joint model: {contradiction.Message}.", contradiction);
        }
    }

    /// <summary>Entities that it has learned from.</summary>
    public IEnumerable<string> Entities => _file.Scalings.Keys;

    /// <summary>How an entity's features are scaled; null when it was not there in training: take <see cref="Typical"/>.</summary>
    public JointScaling? ScalingOf(string entity) => _file.Scalings.GetValueOrDefault(entity);

    /// <summary>
    /// The score of a row some of whose metrics are not there. The graph takes the mean over all metrics; those that are
    /// missing entered as ordinary and count neither as strange nor as ordinary. 0 when none is there.
    /// </summary>
    /// <param name="score">As the graph gave it.</param>
    /// <param name="energy">Of each metric.</param>
    /// <param name="present">As <see cref="JointScaling.Apply"/> told.</param>
    public static float ScoreOf(float score, ReadOnlySpan<float> energy, ReadOnlySpan<bool> present)
    {
        var (all, some, there) = (0f, 0f, 0);
        for (var metric = 0; metric < energy.Length; metric++)
        {
            all += energy[metric];
            if (!present[metric])
                continue;
            some += energy[metric];
            there++;
        }
        return there == 0 ? 0 : there == energy.Length ? score : score - (all / energy.Length) + (some / there);
    }
}
