using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>Rows of one entity in order of time; row-major, <see cref="JointRow.Count"/> a metric.</summary>
/// <param name="Rows">The features.</param>
/// <param name="Times">Event time of each row, unix milliseconds.</param>
sealed record TimedRows(float[] Rows, IReadOnlyList<long> Times)
{
    public int Count => Times.Count;
}

/// <summary>What a joint model learns of an entity, and what it is checked on.</summary>
/// <param name="Entity">Its name.</param>
/// <param name="CadenceMs">Usual time between its ticks.</param>
/// <param name="Past">Rows to learn from, every <see cref="GroupSample.Stride"/>-th tick of stretches.</param>
/// <param name="Newest">Every tick of a stretch behind all of them.</param>
sealed record EntitySample(string Entity, long CadenceMs, TimedRows Past, TimedRows Newest);

/// <summary>What was read of a group's history.</summary>
/// <param name="Schema">The group's columns.</param>
/// <param name="Stride">Ticks from one row to the next.</param>
/// <param name="Entities">By name.</param>
/// <param name="Scalings">Of entities that the model does not learn from, by name.</param>
sealed record GroupSample(
    SeriesSchema Schema, int Stride, IReadOnlyList<EntitySample> Entities, IReadOnlyList<(string Entity, JointScaling Scaling)> Scalings)
{
    public int Metrics => Schema.Columns.Count;

    public int Rows => Entities.Sum(entity => entity.Past.Count);

    /// <summary>Ordinary time that the rows stand for, of all entities together.</summary>
    public TimeSpan Covered => TimeSpan.FromMilliseconds(Entities.Sum(entity => (double)entity.Past.Count * Stride * entity.CadenceMs));
}
