using Forewarn.Contracts;

namespace Forewarn.Predictor;

/// <summary>Predictions of one delivery on one cadence with the same columns, until they are numbered.</summary>
sealed class OpenBatch(string model, long scoredAt)
{
    public string Model { get; } = model;

    /// <summary>Unix milliseconds.</summary>
    public long ScoredAt { get; } = scoredAt;
    public List<PredictionTick> Ticks { get; } = [];

    /// <summary>Something was opened, closed or told.</summary>
    public bool Decided { get; set; }
    public TickWork Last { get; set; }
}
