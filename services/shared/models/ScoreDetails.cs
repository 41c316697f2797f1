namespace Forewarn.Models;

/// <summary>Where a scorer puts what a model tells of each metric of a row beside the score, row by row; memory of the caller.</summary>
/// <param name="energy">How strange each metric is: rows x <see cref="OnnxScorer.Metrics"/>, or empty when it is not wanted.</param>
/// <param name="expected">What all metrics together let expect of each, as the row is scaled; as long, or empty.</param>
public readonly ref struct ScoreDetails(Span<float> energy, Span<float> expected)
{
    public Span<float> Energy { get; } = energy;

    public Span<float> Expected { get; } = expected;

    internal bool Hold(long values) => (Energy.IsEmpty || Energy.Length >= values) && (Expected.IsEmpty || Expected.Length >= values);

    internal ScoreDetails From(int row, int rows, int metrics) => new(Part(Energy, row, rows, metrics), Part(Expected, row, rows, metrics));

    static Span<float> Part(Span<float> all, int row, int rows, int metrics) => all.IsEmpty ? all : all.Slice(row * metrics, rows * metrics);
}
