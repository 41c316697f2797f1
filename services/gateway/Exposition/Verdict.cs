using Forewarn.Contracts;

namespace Forewarn.Gateway.Exposition;

/// <summary>The newest verdict on one cadence of an entity: the objects of the message that brought it, nothing copied.</summary>
/// <param name="Tick">The newest tick; the others of its message are let go.</param>
/// <param name="Outlook">The newest one on the same columns; it comes with every tenth second or so.</param>
sealed record Verdict(string Entity, int CadenceMs, EntityMaturity Maturity, string Model, string Schema, PredictionTick Tick, Outlook? Outlook)
{
    /// <summary>What comes after this one.</summary>
    public Verdict Next(PredictionBatch batch, PredictionTick newest) => this with
    {
        Maturity = batch.Maturity,
        // Every message brings its own copy of texts that hardly ever change.
        Model = Same(Model, batch.Model),
        Schema = Same(Schema, batch.Schema),
        Tick = newest,
        // Columns of another schema would be taken for those of this one.
        Outlook = batch.Outlook ?? (batch.Schema == Schema ? Outlook : null),
    };

    static string Same(string known, string told) => told == known ? known : told;
}

/// <summary>The verdicts on an entity that are not outdated, the finest cadence first; at least one.</summary>
sealed record EntityVerdicts(string Entity, IReadOnlyList<Verdict> Cadences)
{
    /// <summary>The one that tells of the metrics: coarser cadences are means of the same samples.</summary>
    public Verdict Finest => Cadences[0];

    public bool IsAnomalous => Cadences.Any(verdict => verdict.Tick.Anomalous);
}
