using System.Buffers;
using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>Rows of one group's model, of any of its entities, scored together. Gives its buffers back when disposed. Not thread-safe.</summary>
/// <param name="group">What the model's file says.</param>
/// <param name="scorer">Its graph.</param>
/// <param name="capacity">Rows, at most.</param>
public sealed class JointRun(GroupModel group, OnnxScorer scorer, int capacity) : IDisposable
{
    readonly float[] _rows = ArrayPool<float>.Shared.Rent(capacity * group.Metrics * JointRow.Count);
    readonly float[] _scores = ArrayPool<float>.Shared.Rent(capacity);
    readonly float[] _energies = ArrayPool<float>.Shared.Rent(capacity * group.Metrics);
    readonly float[] _expected = ArrayPool<float>.Shared.Rent(capacity * group.Metrics);

    public GroupModel Group => group;

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>The next row to be filled; <see cref="Keep"/> counts it.</summary>
    public Span<float> Next => _rows.AsSpan(Count * group.Metrics * JointRow.Count, group.Metrics * JointRow.Count);

    /// <summary>Counts the row that was filled.</summary>
    /// <returns>Its place.</returns>
    public int Keep() => Count++;

    /// <exception cref="ObjectDisposedException">The model was swapped out meanwhile.</exception>
    public void Score() => scorer.Score(
        _rows.AsSpan(0, Count * group.Metrics * JointRow.Count), Count, _scores, new ScoreDetails(_energies.AsSpan(0, Count * group.Metrics), _expected.AsSpan(0, Count * group.Metrics)));

    public float ScoreOf(int row) => _scores[row];

    public ReadOnlySpan<float> EnergiesOf(int row) => _energies.AsSpan(row * group.Metrics, group.Metrics);

    public ReadOnlySpan<float> ExpectedOf(int row) => _expected.AsSpan(row * group.Metrics, group.Metrics);

    /// <summary>What makes the model's forest find a row strange, by metric; false of a model without one.</summary>
    public bool TryExplain(int row, Span<double> importance) =>
        scorer.TryExplain(_rows.AsSpan(row * group.Metrics * JointRow.Count, group.Metrics * JointRow.Count), importance);

    public void Dispose()
    {
        foreach (var buffer in (ReadOnlySpan<float[]>)[_rows, _scores, _energies, _expected])
            ArrayPool<float>.Shared.Return(buffer);
    }
}
